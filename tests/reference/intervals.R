# Reference intervals from R; run from this folder: Rscript intervals.R
# Writes intervals.csv and survey_intervals.csv.
suppressMessages({library(survey); library(Hmisc)})
cases <- list(c(26, 50), c(26, 30), c(13, 30), c(15, 30), c(30, 30), c(0, 30), c(14, 53), c(1, 1), c(0, 1), c(1, 50), c(597, 1013))
rows <- list()
for (case in cases) for (confidence in c(0.9, 0.95, 0.99)) {
  x <- case[1]; n <- case[2]
  wilson <- suppressWarnings(prop.test(x, n, conf.level = confidence, correct = FALSE))$conf.int
  hmisc <- binconf(x, n, alpha = 1 - confidence, method = "wilson")
  rows[[length(rows) + 1]] <- data.frame(
    count = x, base = n, confidence = confidence,
    method = c("wilson", "wilson_hmisc"), lower = c(wilson[1], hmisc[2]), upper = c(wilson[2], hmisc[3]))
}
frame <- do.call(rbind, rows)
frame$lower <- sprintf("%.12f", frame$lower); frame$upper <- sprintf("%.12f", frame$upper)
write.csv(frame, "intervals.csv", row.names = FALSE, quote = FALSE)

people <- data.frame(y = rep(c(1, 0), c(26, 24)), w = 1)
design <- suppressWarnings(svydesign(~1, data = people, weights = ~w))
methods <- c("logit", "likelihood", "asin", "beta", "mean")
ends <- t(sapply(methods, function(m) as.numeric(confint(svyciprop(~y, design, method = m)))))
write.csv(data.frame(method = methods, lower = sprintf("%.10f", ends[, 1]), upper = sprintf("%.10f", ends[, 2])),
          "survey_intervals.csv", row.names = FALSE, quote = FALSE)

writeLines(c(R.version.string, paste("survey", packageVersion("survey")), paste("Hmisc", packageVersion("Hmisc"))),
           "intervals_versions.txt")
