// Verifying: one look at what a run loaded. verify.hpp is what others use.
#pragma once

#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "manifest/manifest.hpp"
#include "run/expected_rows.hpp"
#include "run/stand_ins.hpp"
#include "run/time_limit.hpp"
#include "run/verify.hpp"

namespace weir::run {

// Threads: [main].
class Verifying {
 public:
  // All is lent.
  Verifying(const RunOptions& options, const recovery::KeptRun& run, KeptHistory history, const VerifyOptions& verify,
            const RunWatch& watch, const manifest::Draft& draft)
      : options_(options),
        run_(run),
        history_(history),
        verify_(verify),
        watch_(watch),
        draft_(draft),
        interrupt_(watch.interrupt != nullptr ? *watch.interrupt : own_interrupt_),
        time_(interrupt_, verify.time_ns) {
    watch_.interrupt = &interrupt_;
    watch_.stdout_taken = nullptr;  // nothing is written
  }

  base::Result<VerifyReport> verify();

 private:
  // Rows that flowed into a load that looks at them. Shared with the attempt that reads them, for a call of it may be given up.
  struct Reading {
    Examination examination;
    Examined examined;
    SeenRejects rejects;
    std::shared_ptr<pipeline::WrittenObjects> objects;
    std::vector<std::string> key;  // as the load says
    base::Result<void> flowed;
  };
  // Rows to be kept.
  struct Picks {
    std::unordered_set<std::uint64_t> names;
    std::vector<std::string> key;
  };
  struct Checked {
    const recovery::KeptLoad& load;
    ExpectedRows expected;
    std::vector<integrity::WrittenObject> objects;  // none: of a loader
    weir::Schema sent;
    std::shared_ptr<Reading> found = nullptr, source = nullptr;
  };

  base::Result<std::vector<std::string>> chosen_links() const;
  const recovery::KeptLoad* kept_load(const std::string& link) const;
  std::string shown_of(const std::string& link) const;
  std::string not_kept(const std::string& link) const;
  base::Result<VerifiedLoad> verify_load(const std::string& link);
  base::Result<Checked> checked_load(const recovery::KeptLoad& load);
  base::Result<bool> shares_names(const Checked& checked);
  static weir::Schema sent_schema(const recovery::KeptLoad& load);
  base::Result<void> take_key(VerifiedLoad& told, const Checked& checked) const;
  std::shared_ptr<Reading> reading(const Checked& checked, std::unordered_set<std::uint64_t> picked,
                                   std::vector<std::string> key);
  void flow(const std::shared_ptr<Reading>& reading, StandIns stand_ins);
  std::shared_ptr<Reading> read_back(const Checked& checked, Picks picks);
  std::shared_ptr<Reading> read_source(const Checked& checked, Picks picks);
  base::Result<std::string> stopped(const Reading& reading) const;
  base::Result<VerifiedLoad> unread(VerifiedLoad told, const Checked& checked);
  static void add_gone(VerifiedLoad& told, const Reading& found);
  void compare_objects(VerifiedLoad& told, const Checked& checked) const;
  base::Result<VerifiedLoad> compare(VerifiedLoad told, Checked& checked);
  static std::string reason_of(const VerifiedLoad& told, const Checked& checked);
  base::Result<std::string> ask_source(const VerifiedLoad& told, Checked& checked);
  base::Result<void> narrow_down(VerifiedLoad& told, Checked& checked);
  base::Result<void> pick(VerifiedLoad& told, Checked& checked, const integrity::RowDifferences& differences);
  base::Result<VerifiedLoad> look_among_others(VerifiedLoad told, Checked& checked);
  static VerifiedLoad not_comparable(VerifiedLoad told, std::string reason);
  std::uint64_t rows_left() const { return verify_.most_rows - std::min(verify_.most_rows, rows_read_); }

  const RunOptions& options_;
  const recovery::KeptRun& run_;
  KeptHistory history_;
  const VerifyOptions& verify_;
  RunWatch watch_;
  const manifest::Draft& draft_;
  Interrupt own_interrupt_;  // where nobody watches
  Interrupt& interrupt_;
  TimeLimit time_;
  std::uint64_t rows_read_ = 0;
};

}  // namespace weir::run
