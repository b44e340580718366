# Weighted shares of a stratified, clustered sample: R package survey, version printed in the output.
# Rscript tests/reference/design_sample.R > tests/reference/design_sample_expected.csv
# design_sample.csv was drawn once by tests/reference/design_sample.py.
suppressMessages(library(survey))
folder <- "tests/reference"
sample <- read.csv(file.path(folder, "design_sample.csv"), colClasses = c(answer = "character"))
sample$answer[sample$answer == ""] <- NA
designs <- list(
  weighted = svydesign(ids = ~1, weights = ~w, data = sample),
  stratified = svydesign(ids = ~1, strata = ~stratum, weights = ~w, data = sample),
  clustered = svydesign(ids = ~cluster, weights = ~w, data = sample),
  both = svydesign(ids = ~cluster, strata = ~stratum, weights = ~w, data = sample)
)
cat(paste0("# R ", getRversion(), ", survey ", packageVersion("survey"), "\n"))
cat("design,answer,share,error,lower,upper\n")
for (name in names(designs)) {
  answered <- subset(designs[[name]], !is.na(answer))
  for (code in sort(unique(na.omit(sample$answer)))) {
    formula <- as.formula(paste0("~I(answer == '", code, "')"))
    estimate <- svymean(formula, answered)
    interval <- svyciprop(formula, answered, method = "logit")
    cat(sprintf("%s,%s,%.12f,%.12f,%.12f,%.12f\n", name, code, coef(estimate)[2], SE(estimate)[2],
                attr(interval, "ci")[1], attr(interval, "ci")[2]))
  }
}
