// Verdict: what becomes of findings: rows that are rejected, a run that ends, counts that are told.
#pragma once

#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "findings.hpp"

namespace weir::validate {

// Threads: any.
class Verdict {
 public:
  // `input`: of the rows that findings are about.
  explicit Verdict(const ArrowSchema& input) : input_(Schema::copy_of(input)) {}
  // Rejects each row of the list.
  void reject(const Findings& findings, const ArrowArray& rows, const Next& next) const;
  // Ends the run: throws a Failure that names the row.
  [[noreturn]] void fail(const Finding& first, const ArrowArray& rows) const;
  // Passes the rows on that have no finding, as they came.
  void select(const Findings& findings, std::int64_t rows, const Next& next) const;
  // Tells the host what came of rules of single rows, by what may be found, and how many rows had it.
  void tell_rules(const std::vector<const Problem*>& problems, const Findings& findings, const Context& context) const;
  // Tells the log how many rows broke what only warns, under this name.
  void tell_warned(const Findings& findings, const Context& context, std::string_view event) const;

 private:
  // What is wrong, and the values that are.
  std::string detail_of(const Finding& finding, const ArrowArray& rows) const;
  std::string name_of(const Problem& problem) const;

  Schema input_;
};

}  // namespace weir::validate
