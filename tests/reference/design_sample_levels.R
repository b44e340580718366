# The intervals of design_sample.R at other coverages.
# Rscript tests/reference/design_sample_levels.R > tests/reference/design_sample_levels.csv
suppressMessages(library(survey))
sample <- read.csv("tests/reference/design_sample.csv", colClasses = c(answer = "character"))
sample$answer[sample$answer == ""] <- NA
designs <- list(
  weighted = svydesign(ids = ~1, weights = ~w, data = sample),
  stratified = svydesign(ids = ~1, strata = ~stratum, weights = ~w, data = sample),
  both = svydesign(ids = ~cluster, strata = ~stratum, weights = ~w, data = sample)
)
cat(paste0("# R ", getRversion(), ", survey ", packageVersion("survey"), "\n"))
cat("design,answer,confidence,lower,upper\n")
for (name in names(designs)) {
  answered <- subset(designs[[name]], !is.na(answer))
  for (code in sort(unique(na.omit(sample$answer)))) {
    for (level in c(0.8, 0.9, 0.99)) {
      formula <- as.formula(paste0("~I(answer == '", code, "')"))
      interval <- svyciprop(formula, answered, method = "logit", level = level)
      cat(sprintf("%s,%s,%g,%.12f,%.12f\n", name, code, level, attr(interval, "ci")[1], attr(interval, "ci")[2]))
    }
  }
}
