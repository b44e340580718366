# Errors under a finite population, lonely units and replicate weights; means and quartiles within groups.
# Rscript tests/reference/design_options.R > tests/reference/design_options_expected.csv
# design_options.csv was drawn once by tests/reference/design_options.py.
suppressMessages(library(survey))
sample <- read.csv("tests/reference/design_options.csv", colClasses = c(answer = "character"))
sample$answer[sample$answer == ""] <- NA
rest <- subset(sample, stratum != "s4")
rest$one <- 1
replicated <- function(...) {
  suppressWarnings(svrepdesign(weights = ~w, repweights = "^r[0-9]+$", data = rest, mse = TRUE, ...))
}
cases <- list(
  weighted = svydesign(ids = ~1, weights = ~w, data = rest),
  population = svydesign(ids = ~1, weights = ~w, fpc = rep(835, nrow(rest)), data = rest),
  unweighted_population = svydesign(ids = ~1, weights = ~one, fpc = rep(200, nrow(rest)), data = rest),
  strata_population = svydesign(ids = ~1, strata = ~stratum, weights = ~w, fpc = ~people, data = rest),
  clusters_population = svydesign(ids = ~cluster, strata = ~stratum, weights = ~w, fpc = ~clusters, data = rest),
  certainty = svydesign(ids = ~cluster, strata = ~stratum, weights = ~w, data = sample),
  adjust = svydesign(ids = ~cluster, strata = ~stratum, weights = ~w, data = sample),
  adjust_population = svydesign(ids = ~cluster, strata = ~stratum, weights = ~w, fpc = ~clusters, data = sample),
  average = svydesign(ids = ~cluster, strata = ~stratum, weights = ~w, data = sample),
  average_population = svydesign(ids = ~cluster, strata = ~stratum, weights = ~w, fpc = ~clusters, data = sample),
  jk1 = replicated(type = "JK1", scale = 19 / 20),
  jk2 = replicated(type = "JK2"),
  brr = replicated(type = "BRR"),
  fay = replicated(type = "Fay", rho = 0.5),
  bootstrap = replicated(type = "bootstrap"),
  sdr = replicated(type = "successive-difference"),
  jkn = replicated(type = "JKn", scale = 1, rscales = (1:20) / 20)
)
cat(paste0("# R ", getRversion(), ", survey ", packageVersion("survey"), "\n"))
cat("case,statistic,group,estimate,error,df\n")
say <- function(case, statistic, group, estimate, error, df) {
  cat(sprintf("%s,%s,%s,%.10f,%.10f,%.6g\n", case, statistic, group, estimate, error, df))
}
for (name in names(cases)) {
  design <- cases[[name]]
  options(survey.lonely.psu = sub("_.*", "", name, perl = TRUE))
  if (!(name %in% c("certainty", "adjust", "adjust_population", "average", "average_population"))) options(survey.lonely.psu = "fail")
  for (group in c("", "men", "women")) {
    own <- if (group == "") design else subset(design, sex == group)
    answered <- subset(own, !is.na(answer))
    # Ratios rather than means of subsets: all strata are averaged over, those too in which nobody of the group is.
    inside <- if (group == "") "TRUE" else paste0("sex == '", group, "'")
    ratio <- function(what, of) svyratio(as.formula(paste0("~I(", what, ")")), as.formula(paste0("~I(", of, ")")), design)
    known <- paste("as.numeric(!is.na(answer) &", inside)
    for (answer in c("no", "unsure", "yes")) {
      found <- ratio(paste0(known, " & answer == '", answer, "')"), paste0(known, ")"))
      say(name, answer, group, coef(found), SE(found), degf(answered))
    }
    found <- ratio(paste0("hours * (", inside, ")"), paste0("as.numeric(", inside, " & hours >= 0)"))
    say(name, "mean", group, coef(found), SE(found), degf(own))
    if (grepl("average", name) && group == "men") next # svyquantile takes the strata of the subset alone
    found <- svyquantile(~hours, own, c(0.5, 0.25, 0.75), qrule = "school", interval.type = "mean")$hours
    for (row in 1:3) say(name, c("median", "q1", "q3")[row], group, found[row, 1], found[row, 4], degf(own))
  }
  for (answer in c("no", "unsure", "yes")) {
    found <- svyttest(as.formula(paste0("as.numeric(answer == '", answer, "') ~ sex")), subset(design, !is.na(answer)))
    say(name, paste("gap", answer), "", found$estimate, found$estimate / found$statistic, found$parameter)
  }
  test <- svychisq(~answer + sex, subset(design, !is.na(answer)), statistic = "F")
  say(name, "test", "", test$statistic, test$p.value, test$parameter[1])
}
