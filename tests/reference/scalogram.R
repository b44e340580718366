# Goodenough-Edwards errors, reproducibility, marginal reproducibility and scalability of a fixed random matrix and of
# a staircase, in base R. Run from the project folder: Rscript tests/reference/scalogram.R
set.seed(1944)
cases <- list(
  random = matrix(rbinom(12 * 7, 1, rep(seq(0.9, 0.2, length.out = 7), each = 12)), nrow = 12),
  staircase = outer(1:6, 1:5, function(i, j) as.integer(j < i)),
  sparse = matrix(c(0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0), nrow = 4, byrow = TRUE)
)
fit <- function(x) {
  ideal <- t(apply(x, 1, function(row) as.integer(seq_along(row) <= sum(row))))
  errors <- sum(ideal != x)
  cr <- 1 - errors / length(x)
  p <- colMeans(x)
  mmr <- mean(pmax(p, 1 - p))
  c(errors = errors, cr = cr, mmr = mmr, cs = (cr - mmr) / (1 - mmr))
}
rows <- do.call(rbind, lapply(names(cases), function(name) {
  x <- cases[[name]]
  cells <- paste(apply(x, 1, paste, collapse = ""), collapse = "|")
  data.frame(case = name, matrix = cells, t(fit(x)))
}))
write.csv(format(rows, digits = 15, trim = TRUE), "tests/reference/scalogram.csv", row.names = FALSE, quote = FALSE)
