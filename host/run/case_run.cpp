#include "run/case_run.hpp"

#include <algorithm>
#include <utility>

#include "base/units.hpp"
#include "manifest/diagnostics.hpp"
#include "run/attempt.hpp"
#include "run/capture.hpp"
#include "run/execution.hpp"
#include "run/given_rows.hpp"
#include "run/installed.hpp"
#include "run/row_match.hpp"
#include "run/stand_ins.hpp"

namespace weir::run {
namespace {

using manifest::Case;
using manifest::Node;

// A load of the manifest, and what came to it.
struct Kept {
  std::string link, branch;
  std::unique_ptr<Captured> rows = std::make_unique<Captured>();
};

// The extractor, reading `file` in the place of what it names: as it is, if it reads a path.
manifest::Use reading(const manifest::Use& extract, const Case& one) {
  Node path;
  path.kind = manifest::Kind::text;
  path.text = one.file;
  path.where = one.given_where;
  manifest::Use use = extract;
  for (auto& member : use.options.members) {
    if (member.key != "path") continue;
    member.value = std::move(path);
    return use;
  }
  use.name = "file";
  use.plugin.clear();
  use.options.members = {{"path", one.given_where, std::move(path)}};
  return use;
}

std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

class CaseRun {
 public:
  CaseRun(const Case& one, const manifest::Manifest& manifest) : case_(one), manifest_(manifest) {
    for (const auto& use : manifest.load) kept_.push_back({use.link, ""});
    for (const auto& branch : manifest.branches) {
      for (const auto& use : branch.load) kept_.push_back({use.link, branch.name});
    }
    report_.pipeline = manifest.name;
    report_.name = one.name;
  }

  // Of the names under `expect:`, those that nothing in the manifest has.
  std::vector<base::Error> unknown_names() const {
    std::vector<base::Error> errors;
    for (const auto& expected : case_.expect) {
      if (kept_of(expected.branch) != nullptr) continue;
      std::vector<std::string> names;
      for (const auto& kept : kept_) names.push_back(kept.branch.empty() ? kept.link : kept.branch);
      if (expected.branch.empty()) {
        errors.push_back(
            manifest::wrong_value(expected.rows, "", "expect", "rows by branch")
                .with_hint("write expect: { " + names.front() + ": [ … ] }; there are: " + list_of(names)));
        continue;
      }
      const std::string near = base::nearest(expected.branch, names);
      errors.push_back(base::manifest_error("manifest.test",
                                            "expect: expected a branch or a load, found '" + expected.branch + "'",
                                            expected.where.place())
                           .with_hint(near.empty() ? "there are: " + list_of(names) : "did you mean '" + near + "'?"));
    }
    return errors;
  }

  base::Result<StandIns> stand_ins(const plugins::Registry& registry) {
    StandIns stand_ins;
    stand_ins.load = [this](const manifest::Use& use) {
      const auto found =
          std::find_if(kept_.begin(), kept_.end(), [&use](const Kept& kept) { return kept.link == use.link; });
      return make_capture(use.link, found == kept_.end() ? rejects_ : *found->rows);
    };
    if (!case_.file.empty()) return stand_ins;
    WEIR_TRY_ASSIGN(const auto types, given_types(manifest_, case_, registry));
    WEIR_TRY_ASSIGN(auto given, make_given_rows(case_.given, types));
    for (std::int64_t i = 0; i < given.schema->n_children; ++i) columns_.emplace_back(given.schema->children[i]->name);
    const bool several = manifest_.extract.size() != 1;
    const std::string link = several ? "extract" : manifest_.extract.front().link;
    stand_ins.source = [rows = std::make_shared<GivenRows>(std::move(given)), link] {
      return make_given_source(std::move(*rows), link);
    };
    return stand_ins;
  }

  // Why the chain can't be made for the rows that are given.
  base::Error unsettled(base::Error error) const {
    if (error.hint.empty() && case_.file.empty()) {
      error.hint = "the test's rows have " + (columns_.empty() ? "no columns" : list_of(columns_)) +
                   "; give others too, or say what they would be: types: { COLUMN: TYPE }";
    }
    return error;
  }

  void ended(const integrity::Ledger& ledger) {
    report_.given = ledger.extracted();
    report_.loaded = ledger.loaded();
    report_.dropped = ledger.dropped();
    report_.rejected = ledger.rejected();
    if (case_.fails) {
      differ(case_.fails->place(),
             "expected the run to fail with an error that says " + shown(*case_.fails) + ", found that it succeeded");
    }
    for (const auto& expected : case_.expect) {
      const std::string what = expected.branch.empty() ? "" : expected.branch + ": ";
      add(differences(expected.rows, *kept_of(expected.branch), {what, case_.ordered, case_.all_columns, false}));
    }
    compare_rejects();
  }

  void failed(const base::Error& error) {
    const bool expected = case_.fails && error.message.find(case_.fails->text) != std::string::npos;
    if (expected) return;
    if (case_.fails) {
      differ(case_.fails->place(),
             "expected the run to fail with an error that says " + shown(*case_.fails) + ", found " + error.message);
      return;
    }
    base::Error told = error;
    told.message = "expected the run to succeed, found that it failed: " + error.message;
    told.also.clear();
    report_.differences.push_back(std::move(told));
  }

  CaseReport report() { return std::move(report_); }
  // Of a case that can't be run, for what it says itself is wrong: the others can.
  CaseReport broken(base::Error error) {
    auto others = std::exchange(error.also, {});
    add({std::move(error)});
    add(std::move(others));
    return report();
  }

 private:
  void differ(base::Place place, std::string message) {
    report_.differences.push_back(
        base::make_error(base::Status::failed_precondition, base::Fault::data, "test.differs", std::move(message))
            .with_place(std::move(place)));
  }
  void add(std::vector<base::Error> more) {
    for (auto& error : more) report_.differences.push_back(std::move(error));
  }

  // What a name under `expect:` means; null: nothing.
  const Captured* kept_of(const std::string& name) const {
    const auto found = std::find_if(kept_.begin(), kept_.end(), [&name](const Kept& kept) {
      return name.empty() ? kept.branch.empty() : kept.link == name || kept.branch == name;
    });
    return found == kept_.end() ? nullptr : found->rows.get();
  }

  // All rejects are expected ones: of a case that is silent of them, none.
  void compare_rejects() {
    if (!manifest_.reject) return;
    for (Node& row : rejects_.rows) {
      std::erase_if(row.members, [](const auto& member) {
        const auto place = {"split", "position", "file", "line"};
        return member.value.kind == manifest::Kind::null ||
               std::find(place.begin(), place.end(), member.key) != place.end();
      });
    }
    Node none;
    none.kind = manifest::Kind::array;
    none.where = case_.where;
    add(differences(case_.rejects ? *case_.rejects : none, rejects_, {"rejects: ", case_.ordered, false, true}));
  }

  const Case& case_;
  const manifest::Manifest& manifest_;
  std::vector<Kept> kept_;
  Captured rejects_;
  std::vector<std::string> columns_;  // of the given rows
  CaseReport report_;
};

}  // namespace

base::Result<CaseReport> Attempt::run_case(const Case& one) {
  if (!one.file.empty()) draft_.manifest.extract = {reading(draft_.manifest.extract.front(), one)};
  CaseRun running(one, draft_.manifest);
  if (auto errors = running.unknown_names(); !errors.empty())
    return running.broken(manifest::joined(std::move(errors)));
  WEIR_TRY_ASSIGN(parts_.registry, find_plugins(draft_.manifest));
  auto stand_ins = running.stand_ins(*parts_.registry);
  if (!stand_ins) return running.broken(std::move(stand_ins).error());
  draft_.manifest.limits = {};  // a share of a few rows says nothing
  WEIR_TRY(plan(*stand_ins));
  if (auto settled = settle(*plan_); !settled) return running.broken(running.unsettled(std::move(settled).error()));
  Execution execution(*plan_);
  auto done = execution.open();
  if (done) {
    if (auto flowed = execution.flow(); !flowed) done = base::unexpected(std::move(flowed).error());
  }
  if (done) {
    if (auto cut = execution.cut(plan_->identity.epoch, true); !cut) done = base::unexpected(std::move(cut).error());
  }
  const integrity::Ledger ledger = execution.ledger();
  if (done) done = ledger.balance();
  execution.close_writers();
  if (done)
    running.ended(ledger);
  else
    running.failed(done.error());
  return running.report();
}

}  // namespace weir::run
