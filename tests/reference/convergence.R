# Dispersion, concentration and Theil's T of the five economies in base R; run from the project folder:
#   Rscript tests/reference/convergence.R > tests/reference/convergence.csv
# Written from the textbook formulas without looking at the library.
m <- read.csv("data/context/macro.csv")
m <- m[!is.na(m$gdp_musd), ]
upstream <- c("KGZ", "TJK")
cat("year,gdp_bn,largest_share,hhi_gdp,hhi_population,cv,sd_log,ratio,theil,between,within\n")
for (y in sort(unique(m$year))) {
  d <- m[m$year == y, ]
  g <- d$gdp_musd; p <- d$population_thousands; i <- g / p; n <- length(i)
  popsd <- function(x) sqrt(mean((x - mean(x))^2))
  mu <- sum(g) / sum(p)
  t_all <- sum((p / sum(p)) * (i / mu) * log(i / mu))   # the population-weighted form of Theil's T
  part <- function(k) {
    mk <- sum(g[k]) / sum(p[k])
    c(share = sum(g[k]) / sum(g), mean = mk, t = sum((p[k] / sum(p[k])) * (i[k] / mk) * log(i[k] / mk)))
  }
  a <- part(d$state %in% upstream); b <- part(!(d$state %in% upstream))
  between <- a["share"] * log(a["mean"] / mu) + b["share"] * log(b["mean"] / mu)
  within <- a["share"] * a["t"] + b["share"] * b["t"]
  cat(sprintf("%d,%s\n", y, paste(sprintf("%.10f", c(sum(g) / 1000, max(g) / sum(g), sum((g / sum(g))^2),
    sum((p / sum(p))^2), popsd(i) / mean(i), popsd(log(i)), max(i) / min(i), t_all, between, within)), collapse = ",")))
}
