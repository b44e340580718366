# What the package sdcMicro finds at risk, and takes out, of the people behind the tables of disclosure.csv.
# Rscript tests/reference/disclosure.R > tests/reference/disclosure_sdcmicro.csv
# sdcMicro was built from its published sources; prettydoc, which only its reports need, was left out.
suppressMessages(library(sdcMicro))
set.seed(2021)
tables <- read.csv("tests/reference/disclosure.csv", comment.char = "#")
cat(paste0("# R ", getRversion(), ", sdcMicro ", packageVersion("sdcMicro"), "\n"))
cat("table,answer,region,at_risk,kept\n")
for (number in unique(tables$table)) {
  table <- subset(tables, table == number)
  people <- table[rep(seq_len(nrow(table)), table$count), c("answer", "region")]
  people[] <- lapply(people, factor)
  risk <- freqCalc(people, keyVars = 1:2)$fk < 5
  kept <- localSuppression(people, k = 5, keyVars = 1:2)$xAnon
  for (row in seq_len(nrow(table))) {
    own <- people$answer == table$answer[row] & people$region == table$region[row]
    same <- !is.na(kept$answer) & !is.na(kept$region) & own
    cat(sprintf("%d,%s,%s,%d,%d\n", number, table$answer[row], table$region[row], sum(risk[own]), sum(same)))
  }
}
