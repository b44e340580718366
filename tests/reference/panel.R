# The same SPSS file read by R's foreign package, which shares no code with pyreadstat:
# Rscript tests/reference/panel.R > tests/reference/panel_expected.csv
suppressMessages(library(foreign))
panel <- suppressWarnings(read.spss("tests/reference/panel.sav", use.value.labels = FALSE, use.missings = FALSE,
                                    to.data.frame = TRUE))
names(panel) <- tolower(names(panel))
cat(paste0("# R ", getRversion(), ", foreign ", packageVersion("foreign"), "\n"))
cat("question,code,count,weighted_share,effective_base\n")
for (question in c("trust", "border")) {
  answers <- panel[[question]]
  answered <- !is.na(answers)
  weights <- panel$weight[answered]
  for (code in sort(unique(answers[answered]))) {
    chosen <- answered & answers %in% code
    cat(sprintf("%s,%g,%d,%.12f,%.9f\n", question, code, sum(chosen), sum(panel$weight[chosen]) / sum(weights),
                sum(weights)^2 / sum(weights^2)))
  }
}
