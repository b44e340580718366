# Reference intervals and tests from R; run from this folder: Rscript intervals.R
# Writes intervals.csv, survey_intervals.csv and binomial_tests.csv.
suppressMessages({library(survey); library(Hmisc)})
cases <- list(c(26, 50), c(26, 30), c(13, 30), c(15, 30), c(30, 30), c(0, 30), c(14, 53), c(1, 1), c(0, 1), c(1, 50), c(597, 1013))
rows <- list()
for (case in cases) for (confidence in c(0.9, 0.95, 0.99)) {
  x <- case[1]; n <- case[2]
  wilson <- suppressWarnings(prop.test(x, n, conf.level = confidence, correct = FALSE))$conf.int
  hmisc <- binconf(x, n, alpha = 1 - confidence, method = "wilson")
  exact <- binom.test(x, n, conf.level = confidence)$conf.int
  tail <- (1 - confidence) / 2
  jeffreys <- qbeta(c(tail, 1 - tail), x + 0.5, n - x + 0.5)
  rows[[length(rows) + 1]] <- data.frame(
    count = x, base = n, confidence = confidence,
    method = c("wilson", "wilson_hmisc", "clopper_pearson", "jeffreys"),
    lower = c(wilson[1], hmisc[2], exact[1], if (x == 0) 0 else jeffreys[1]),
    upper = c(wilson[2], hmisc[3], exact[2], if (x == n) 1 else jeffreys[2]))
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

pairs <- expand.grid(b = 0:20, c = 0:20)
pairs <- pairs[pairs$b + pairs$c > 0, ]
pairs$exact <- mapply(function(b, c) binom.test(b, b + c)$p.value, pairs$b, pairs$c)
pairs$mid <- mapply(function(b, c) {
  m <- min(b, c); n <- b + c
  min(1, 2 * (pbinom(m, n, 0.5) - 0.5 * dbinom(m, n, 0.5)))
}, pairs$b, pairs$c)
extra <- data.frame(b = c(16, 4), c = c(26, 14))
extra$exact <- mapply(function(b, c) binom.test(b, b + c)$p.value, extra$b, extra$c)
extra$mid <- mapply(function(b, c) {
  m <- min(b, c); n <- b + c
  min(1, 2 * (pbinom(m, n, 0.5) - 0.5 * dbinom(m, n, 0.5)))
}, extra$b, extra$c)
both <- rbind(pairs, extra)
both$exact <- sprintf("%.12f", both$exact); both$mid <- sprintf("%.12f", both$mid)
write.csv(both, "binomial_tests.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("survey", packageVersion("survey")), paste("Hmisc", packageVersion("Hmisc"))),
           "intervals_versions.txt")
