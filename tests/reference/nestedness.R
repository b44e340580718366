# Nestedness and Jaccard similarity by vegan; run from the project folder:
#   Rscript tests/reference/nestedness.R > tests/reference/nestedness.csv
# Made with R 4.2.2 and vegan 2.6-4. "worked" is the example of Almeida-Neto et al. (2008), Oikos 117, fig. 2,
# as retold at https://nadiah.org/2021/07/16/nodf-nestedness-worked-example
suppressMessages(library(vegan))
worked <- matrix(c(1,0,1,1,1, 1,1,1,0,0, 0,1,1,1,0, 1,1,0,0,0, 1,1,0,0,0), 5, byrow = TRUE)
ragged <- matrix(c(1,1,1,1,1,1, 1,0,1,0,1,0, 0,1,1,0,0,0, 1,0,0,0,0,1), 4, byrow = TRUE)
cat("matrix,statistic,value\n")
for (name in c("worked", "ragged")) {
  x <- get(name)
  s <- nestednodf(x, order = TRUE)$statistic
  j <- 1 - as.matrix(vegdist(x, method = "jaccard", binary = TRUE))
  cat(sprintf("%s,columns,%.12f\n%s,rows,%.12f\n%s,total,%.12f\n", name, s[1], name, s[2], name, s[3]))
  cat(sprintf("%s,jaccard_1_2,%.12f\n%s,jaccard_1_3,%.12f\n", name, j[1, 2], name, j[1, 3]))
}
