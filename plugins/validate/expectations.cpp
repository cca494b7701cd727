// The option `checks`, made expectations for an input.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <weir/cpp/named_column.hpp>

#include "../expr/naive_zone.hpp"
#include "expectation.hpp"
#include "failures.hpp"
#include "limits.hpp"
#include "rules.hpp"

namespace weir::validate {
namespace {

// What a rule of values is made of, beside nullable and unique, which say something without being written.
constexpr std::array<std::string_view, 6> kOfValues = {"min", "max", "length", "pattern", "enum", "foreign"};

// "99%" as 0.99; the schema has looked at the text.
double share_of(std::string_view text) {
  double percent = 0;
  std::from_chars(text.data(), text.data() + text.size(), percent);
  return percent / 100;
}

bool of_batch(const Config& config, const std::string& path) { return config.text(path + "/of") == "batch"; }

bool asks_unique(const Config& config, const std::string& path) { return config.boolean(path + "/unique"); }

std::string check_path(std::uint64_t i) { return "/checks/" + std::to_string(i); }

// Reads one of the checks, which may have several parts.
class CheckReader {
 public:
  CheckReader(const Config& config, const ArrowSchema& input, std::string path, std::string naive_zone)
      : config_(config),
        input_(input),
        path_(std::move(path)),
        naive_zone_(std::move(naive_zone)),
        on_(on_bad(config.text(path_ + "/on"), on_bad(config.text("/on"), OnBad::fail))) {
    if (has("share")) share_ = share_of(config_.text(at("share")));
  }

  std::vector<Expectation> read() {
    const int subjects = has("column") + has("columns") + has("check") + has("rows");
    if (subjects != 1) {
      throw wrong(
          "expected one of column, columns, check and rows, found " + std::string(subjects == 0 ? "none" : "several"),
          path_, "a check is about one thing; give each a line of its own");
    }
    if (has("column")) read_column();
    if (has("columns")) read_columns();
    if (has("check")) read_condition();
    if (has("rows")) read_rows();
    refuse_what_does_not_fit();
    return std::move(made_);
  }

 private:
  std::string at(std::string_view member) const { return path_ + "/" + std::string(member); }
  bool has(std::string_view member) const { return config_.has(at(member)); }

  Expectation& add(Measure measure, std::string option, std::string subject) {
    Expectation& made = made_.emplace_back();
    made.measure = measure;
    made.option = std::move(option);
    made.on = on_;
    made.of_batch = of_batch(config_, path_);
    made.subject = std::move(subject);
    return made;
  }

  // What its rows are found to be: as the check says, or, where a share is asked for, only counted.
  OnBad on_rows() const { return share_ ? OnBad::reject : on_; }

  Expectation& add_values(std::string option, std::string subject) {
    Expectation& made = add(Measure::values, std::move(option), std::move(subject));
    made.share = share_;
    if (!share_) return made;
    made.expected = "at least " + std::string(config_.text(at("share"))) + " of rows that keep it";
    made.problem = {{-1, OnBad::reject}, "in a batch of which too many break a rule", {}, {}};
    return made;
  }

  Expectation& add_of_column(Measure measure, std::string_view member) {
    Expectation& made = add(measure, at(member), column_subject());
    made.column = column_;
    made.type = type_;
    return made;
  }

  std::string column_subject() const { return "column " + written(name_); }

  void read_column() {
    name_ = config_.text(at("column"));
    column_ = named_column(input_, name_, at("column"));
    const ArrowSchema& field = *input_.children[column_];
    type_ = column_type_of(field);
    type_.naive_zone = naive_zone_;
    if (asks_of_values()) read_values(field);
    if (has("nulls")) read_nulls();
    if (has("mean")) read_mean();
    if (has("freshness")) read_freshness();
    if (made_.empty()) {
      throw wrong("column " + written(name_) + ": expected something to check, found nothing", path_,
                  "give it nullable, min, max, length, pattern, enum, foreign, unique, nulls, mean or freshness");
    }
  }

  bool asks_of_values() const {
    if (asks_unique(config_, path_)) return true;
    if (config_.kind(at("nullable")) == WEIR_CONFIG_BOOLEAN && !config_.boolean(at("nullable"))) return true;
    return std::any_of(kOfValues.begin(), kOfValues.end(), [&](std::string_view member) { return has(member); });
  }

  void read_values(const ArrowSchema& field) {
    Expectation& made = add_values(path_, column_subject());
    made.rule.column = made.column = column_;
    ColumnType type = type_;
    read_column_rules({config_, path_, name_, field}, on_rows(), made.rule, type);
    made.type = type_;
    if (made.rule.unique) add_key(made, {column_}, at("unique"));
  }

  void add_key(Expectation& made, std::vector<std::int64_t> columns, const std::string& option) const {
    const bool one = columns.size() == 1;
    Problem problem{{one ? columns.front() : -1, on_rows()},
                    "not unique",
                    one ? "a value that no row before has" : "values that no row before has together",
                    columns};
    made.key = unique_key(std::move(problem), std::move(columns), input_, option,
                          static_cast<std::uint64_t>(config_.integer("/unique_memory")));
  }

  void read_columns() {
    std::vector<std::int64_t> columns;
    std::string subject = "columns";
    for (std::uint64_t i = 0; i < config_.count(at("columns")); ++i) {
      const std::string option = at("columns") + "/" + std::to_string(i);
      const std::string_view name = config_.text(option);
      subject += (i == 0 ? " " : ", ") + written(name);
      columns.push_back(named_column(input_, name, option));
    }
    if (!asks_unique(config_, path_)) {
      throw wrong(subject + ": expected unique: true, found nothing to check of several columns", at("columns"),
                  "use column for one, or check for a condition");
    }
    add_key(add_values(path_, std::move(subject)), std::move(columns), at("columns"));
  }

  void read_condition() {
    const std::string text(config_.text(at("check")));
    Expectation& made = add_values(at("check"), "check " + written(text));
    made.condition = std::make_unique<expr::Condition>(text, input_, at("check"), naive_zone_);
    std::vector<std::int64_t> shown;
    for (const std::string& name : made.condition->columns()) shown.push_back(column_index(input_, name));
    const Subject subject{-1, on_rows()};
    made.broken = {subject, "breaks " + text.substr(0, 100), text.substr(0, 200), shown};
    made.failed = {subject, "can't be computed", text.substr(0, 200), std::move(shown)};
  }

  void read_rows() {
    const std::string option = at("rows"), earlier = option + "/of_earlier";
    if (!config_.has(earlier) || config_.has(option + "/min") || config_.has(option + "/max")) {
      Expectation& made = add(Measure::rows, option, "rows");
      made.range = range(option);
      made.expected = shown(made.range, "");
      made.problem.reason = "in a batch of too few or too many rows";
    }
    if (!config_.has(earlier)) return;
    if (of_batch(config_, path_)) {
      throw wrong("rows: expected of_earlier of the run, found it of each batch", earlier, "leave `of` away");
    }
    Expectation& made = add(Measure::earlier, earlier, "rows");
    made.range = range(earlier);
    made.expected = shown_shares(made.range, "those of earlier runs");
    made.runs = static_cast<std::uint64_t>(config_.integer(earlier + "/runs"));
  }

  void read_nulls() {
    Expectation& made = add_of_column(Measure::nulls, "nulls");
    const std::string low = at("nulls") + "/min", high = at("nulls") + "/max";
    made.of_rows = config_.kind(low) == WEIR_CONFIG_TEXT || config_.kind(high) == WEIR_CONFIG_TEXT;
    if (made.of_rows && (config_.kind(low) == WEIR_CONFIG_INTEGER || config_.kind(high) == WEIR_CONFIG_INTEGER)) {
      throw wrong(
          column_subject() + ": expected min and max of nulls both as counts or both as shares, found one of each",
          at("nulls"), "write 1% or 100");
    }
    made.range = range(at("nulls"));
    made.expected =
        made.of_rows ? "nulls to be " + shown_shares(made.range, "the rows") : "nulls to be " + shown(made.range, "");
    made.problem.reason = "in a batch of too few or too many nulls";
  }

  void read_mean() {
    const Type type = type_.info().type;
    const Layout layout = type_.layout();
    const bool number =
        (layout == Layout::word && is_integer(type)) || layout == Layout::wide || layout == Layout::real;
    if ((!number && type != Type::null) || input_.children[column_]->dictionary != nullptr) {
      throw wrong(column_subject() + ": expected a number for mean, found " + type_.name, at("mean"));
    }
    Expectation& made = add_of_column(Measure::mean, "mean");
    made.range = range(at("mean"));
    made.expected = "a mean of " + shown(made.range, "");
    made.problem.reason = "in a batch whose mean is out of range";
  }

  void read_freshness() {
    const TypeInfo info = type_.info();
    const bool date = info.type == Type::date32 || info.type == Type::date64;
    const bool instant = info.type == Type::timestamp && (!info.zone.empty() || !naive_zone_.empty());
    if (!date && !instant && info.type != Type::null) {
      throw wrong(column_subject() + ": expected a date or an instant for freshness, found " + type_.name,
                  at("freshness"),
                  info.type == Type::timestamp ? "say with times: { naive: ZONE } whose clocks it shows" : "");
    }
    Expectation& made = add_of_column(Measure::freshness, "freshness");
    made.most_age_ns = config_.integer(at("freshness"));
    made.expected = "a value of the last " + std::to_string(made.most_age_ns / 1'000'000'000) + "s";
    made.problem.reason = "in a batch without a fresh value";
  }

  // The number or the share at an option; none if it is not there.
  std::optional<double> bound(const std::string& option) const {
    switch (config_.kind(option)) {
      case WEIR_CONFIG_TEXT: return share_of(config_.text(option));
      case WEIR_CONFIG_INTEGER: return static_cast<double>(config_.integer(option));
      case WEIR_CONFIG_NUMBER: return config_.number(option);
      default: return std::nullopt;
    }
  }

  Range range(const std::string& option) const {
    const Range range{bound(option + "/min"), bound(option + "/max")};
    if (!range.least && !range.most) throw wrong("expected min, max or both, found neither", option);
    if (range.least && range.most && *range.least > *range.most) {
      throw wrong("expected min to be at most max, found more", option + "/min");
    }
    return range;
  }

  static std::string shown(const Range& range, std::string_view unit) {
    const auto number = [unit](double value) { return written(value) + std::string(unit); };
    if (!range.most) return "at least " + number(*range.least);
    if (!range.least) return "at most " + number(*range.most);
    return number(*range.least) + " to " + number(*range.most);
  }
  static std::string shown_shares(Range range, std::string_view whole) {
    if (range.least) *range.least *= 100;
    if (range.most) *range.most *= 100;
    return shown(range, "%") + " of " + std::string(whole);
  }

  void refuse_what_does_not_fit() const {
    for (const Expectation& made : made_) {
      if (made.each_row()) {
        if (!has("of") || made_.size() > 1) continue;
        throw wrong("expected `of` with a check of all rows together, found it with one of each row", at("of"),
                    "add share, or leave `of` away");
      }
      if (made.on == OnBad::reject && !made.of_batch) {
        throw wrong(
            made.subject + ": expected on: fail or on: warn for what is known at the end of the run, found reject",
            has("on") ? at("on") : made.option, "of: batch rejects the rows of a batch that breaks it");
      }
      if (share_ && made.measure != Measure::values) {
        throw wrong(made.subject + ": expected share with a check of each row, found it with one of all rows together",
                    at("share"));
      }
    }
  }

  const Config& config_;
  const ArrowSchema& input_;
  std::string path_, naive_zone_;
  OnBad on_;
  std::optional<double> share_;
  std::string_view name_;
  std::int64_t column_ = -1;
  ColumnType type_;
  std::vector<Expectation> made_;
};

template <class Asks>
bool any_check(const Config& config, const Asks& asks) {
  for (std::uint64_t i = 0; i < config.count("/checks"); ++i) {
    if (asks(check_path(i))) return true;
  }
  return false;
}

}  // namespace

std::vector<Expectation> expectations_of(const Config& config, const ArrowSchema& input) {
  const std::string naive_zone = expr::naive_zone(config);
  std::vector<Expectation> all;
  Failures failures;
  for (std::uint64_t i = 0; i < config.count("/checks"); ++i) {
    failures.attempt([&] {
      for (Expectation& made : CheckReader(config, input, check_path(i), naive_zone).read())
        all.push_back(std::move(made));
    });
  }
  failures.throw_them();
  return all;
}

bool expects_unique(const Config& config) {
  return any_check(config, [&config](const std::string& path) { return asks_unique(config, path); });
}

bool expects_of_run(const Config& config) {
  return expects_unique(config) || any_check(config, [&config](const std::string& path) {
           if (of_batch(config, path)) return false;
           constexpr std::array<std::string_view, 5> kOfAll = {"rows", "nulls", "mean", "freshness", "share"};
           return std::any_of(kOfAll.begin(), kOfAll.end(),
                              [&](std::string_view member) { return config.has(path + "/" + std::string(member)); });
         });
}

}  // namespace weir::validate
