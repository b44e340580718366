# Intervals of rare weighted shares: svyciprop(method = "beta"), and the same with its base limited to n.
# Rscript tests/reference/rare_shares.R > tests/reference/rare_shares.csv
suppressMessages(library(survey))
set.seed(1998)
cat(paste0("# R ", getRversion(), ", survey ", packageVersion("survey"), "\n"))
cat("case,share,error,degrees,base,lower,upper,limited_lower,limited_upper\n")
for (people in c(20, 80, 300)) for (weight in c(0.05, 0.5, 1, 8)) for (design in c("alone", "clusters")) {
  frame <- data.frame(y = c(1, rep(0, people - 1)), w = c(weight, runif(people - 1, 0.5, 2)), unit = rep(1:10, people / 10))
  drawn <- svydesign(ids = if (design == "alone") ~1 else ~unit, weights = ~w, data = frame)
  found <- svyciprop(~y, drawn, method = "beta")
  share <- as.numeric(found)
  size <- share * (1 - share) / attr(found, "var")
  size <- min(size * (qt(0.025, people - 1) / qt(0.025, degf(drawn)))^2, people)
  limited <- c(qbeta(0.025, size * share, size * (1 - share) + 1), qbeta(0.975, size * share + 1, size * (1 - share)))
  cat(sprintf("%s of %d weighing %s,%.12f,%.12f,%d,%d,%.10f,%.10f,%.10f,%.10f\n", design, people, weight, share,
              sqrt(attr(found, "var")), degf(drawn), people, confint(found)[1], confint(found)[2], limited[1], limited[2]))
}
