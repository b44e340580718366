# Reference probabilities of order from R's own integration; run from this folder: Rscript posterior.R
# Writes posterior.csv: the chance of the order given (largest first), and of the first being the largest.
single <- function(k) lapply(k + 0.5, function(a) list(d = function(x) dgamma(x, a), p = function(x) pgamma(x, a)))
several <- function(k, n) lapply(k, function(x) list(
  d = function(p) dbeta(p, x + 0.5, n - x + 0.5), p = function(p) pbeta(p, x + 0.5, n - x + 0.5)))
line <- function(f, from, to) integrate(Vectorize(f), from, to, rel.tol = 1e-9, subdivisions = 2000)$value
ordered <- function(laws, top) {
  below <- laws[[length(laws)]]$p
  for (law in rev(laws[-length(laws)])) {
    inner <- below; density <- law$d
    below <- local({i <- inner; d <- density; function(x) line(function(t) d(t) * i(t), 0, x)})
  }
  below(top)
}
first <- function(laws, top) line(function(x) laws[[1]]$d(x) * prod(sapply(laws[-1], function(l) l$p(x))), 0, top)
rows <- list(
  data.frame(total = "closed", counts = "22 7 1", base = 30, order = ordered(single(c(22, 7, 1)), 80), first = first(single(c(22, 7, 1)), 80)),
  data.frame(total = "closed", counts = "12 12 6", base = 30, order = ordered(single(c(12, 12, 6)), 80), first = first(single(c(12, 12, 6)), 80)),
  data.frame(total = "multiple", counts = "19 18 16", base = 30, order = ordered(several(c(19, 18, 16), 30), 1), first = first(several(c(19, 18, 16), 30), 1)),
  data.frame(total = "multiple", counts = "26 24", base = 50, order = ordered(several(c(26, 24), 50), 1), first = first(several(c(26, 24), 50), 1)))
frame <- do.call(rbind, rows)
frame$order <- sprintf("%.9f", frame$order); frame$first <- sprintf("%.9f", frame$first)
write.csv(frame, "posterior.csv", row.names = FALSE, quote = FALSE)
cat(1 - pbeta(0.5, 22.5, 7.5), "\n")
print(rbind(qbeta(.025,22.5,9),qbeta(.975,22.5,9)))
