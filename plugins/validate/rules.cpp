// Contract and options put together: the contract's rules come first.
#include "rules.hpp"

#include <algorithm>
#include <array>

#include <weir/cpp/named_column.hpp>

#include "../expr/naive_zone.hpp"
#include "failures.hpp"

namespace weir::validate {
namespace {

// Where rules stand.
constexpr std::array<const char*, 2> kBases = {"/contract", ""};

constexpr std::string_view kNoRowBefore = "a value that no row before has";

// The input's schema, with the converted columns in their new types. A field that changes type loses its metadata, which
// spoke of the old one.
Schema output_of(const ArrowSchema& input, const std::vector<std::string>& formats) {
  std::vector<Schema> fields;
  for (std::int64_t i = 0; i < input.n_children; ++i) {
    const ArrowSchema& field = *input.children[i];
    const std::string& format = formats[static_cast<std::size_t>(i)];
    fields.push_back(format.empty() ? Schema::copy_of(field)
                                    : Schema::field(format, field.name == nullptr ? "" : field.name,
                                                    (field.flags & ARROW_FLAG_NULLABLE) != 0));
  }
  return Schema::rows(std::move(fields));
}

// Reads all rules; columns are those of the input until output_of() was made.
class Reading {
 public:
  Reading(const Config& config, const ArrowSchema& input)
      : config_(config), input_(input), naive_zone_(expr::naive_zone(config)) {
    for (std::int64_t i = 0; i < input.n_children; ++i) types_.push_back(column_type_of(*input.children[i]));
    at_.assign(types_.size(), kNone);
  }

  Rules read() {
    const OnBad own = on_bad(config_.text("/on"), on_bad(config_.text("/contract/on"), OnBad::reject));
    for (const char* const base : kBases) read_columns(base, own);
    failures_.throw_them();
    std::vector<std::string> formats(types_.size());
    for (const Rule& rule : made_.rules) {
      if (!rule.leaves_converted) continue;
      formats[static_cast<std::size_t>(rule.column)] = types_[static_cast<std::size_t>(rule.column)].format;
      made_.converts = true;
    }
    made_.output = output_of(input_, formats);
    for (const char* const base : kBases) read_rows(base, own);
    read_unique_columns();
    for (const char* const base : kBases) read_unique_keys(base, own);
    failures_.throw_them();
    std::erase_if(made_.rules, [](const Rule& rule) { return rule.conversion == nullptr && rule.checks.empty(); });
    if (made_.rules.empty() && made_.rows.empty() && made_.keys.empty() && !said_) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected rules, found none")
          .hint("give columns, rows, unique, or a contract");
    }
    return std::move(made_);
  }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;

  void read_columns(const std::string& base, OnBad on) {
    const std::string columns = base + "/columns";
    for (std::uint64_t i = 0; i < config_.count(columns); ++i) {
      failures_.attempt([&] { read_column(columns, config_.key(columns, i), on); });
      said_ = true;
    }
  }

  void read_column(const std::string& columns, std::string_view name, OnBad on) {
    const std::string path = pointer_to(columns, name);
    const std::int64_t column = named_column(input_, name, path);
    std::size_t& at = at_[static_cast<std::size_t>(column)];
    if (at == kNone) {
      at = made_.rules.size();
      made_.rules.emplace_back().column = column;
    }
    ColumnType& type = types_[static_cast<std::size_t>(column)];
    type.naive_zone = naive_zone_;
    read_column_rules({config_, path, name, *input_.children[column]}, on_bad(config_.text(path + "/on"), on),
                      made_.rules[at], type);
  }

  void read_rows(const std::string& base, OnBad on) {
    for (std::uint64_t i = 0; i < config_.count(base + "/rows"); ++i)
      failures_.attempt([&] { read_row_rule(base + "/rows/" + std::to_string(i), on); });
  }

  void read_row_rule(const std::string& item, OnBad on) {
    const bool plain = config_.kind(item) == WEIR_CONFIG_TEXT;
    const std::string option = plain ? item : item + "/check";
    const std::string text(config_.text(option));
    const Subject subject{-1, on_bad(plain ? std::string_view() : config_.text(item + "/on"), on)};
    RowRule rule{std::make_unique<expr::Condition>(text, made_.output.get(), option, naive_zone_), {}, {}};
    std::vector<std::int64_t> shown;
    for (const std::string& name : rule.condition->columns()) shown.push_back(column_index(input_, name));
    rule.broken = {subject, "breaks " + text.substr(0, 100), text.substr(0, 200), shown};
    rule.failed = {subject, "can't be computed", text.substr(0, 200), std::move(shown)};
    made_.rows.push_back(std::move(rule));
  }

  void read_unique_columns() {
    for (const Rule& rule : made_.rules) {
      if (!rule.unique) continue;
      failures_.attempt([&] {
        add_key({{rule.column, rule.unique_on}, "not unique", std::string(kNoRowBefore)}, {rule.column}, "");
      });
    }
  }

  void read_unique_keys(const std::string& base, OnBad on) {
    for (std::uint64_t i = 0; i < config_.count(base + "/unique"); ++i)
      failures_.attempt([&] { read_unique_key(base + "/unique/" + std::to_string(i), on); });
  }

  void read_unique_key(const std::string& item, OnBad on) {
    std::vector<std::int64_t> columns;
    for (std::uint64_t j = 0; j < config_.count(item); ++j) {
      const std::string option = item + "/" + std::to_string(j);
      columns.push_back(named_column(input_, config_.text(option), option));
    }
    const bool one = columns.size() == 1;
    Problem problem{{one ? columns.front() : -1, on}, "not unique", std::string(kNoRowBefore), columns};
    if (!one) problem.expected = "values that no row before has together";
    add_key(std::move(problem), std::move(columns), item);
  }

  void add_key(Problem problem, std::vector<std::int64_t> columns, std::string option) {
    if (option.empty()) option = unique_option(column_name(input_, columns.front()));
    auto key = unique_key(std::move(problem), std::move(columns), made_.output.get(), option,
                          static_cast<std::uint64_t>(config_.integer("/unique_memory")));
    if (key != nullptr) made_.keys.push_back(std::move(key));
  }

  std::string unique_option(std::string_view name) const {
    const std::string own = pointer_to("/columns", name) + "/unique";
    return config_.boolean(own) ? own : pointer_to("/contract/columns", name) + "/unique";
  }

  const Config& config_;
  const ArrowSchema& input_;
  std::string naive_zone_;
  Failures failures_;
  std::vector<ColumnType> types_;  // by now, of each column
  std::vector<std::size_t> at_;    // its rule among all
  bool said_ = false;              // rules were given, though they ask for nothing (`type` that is there already)
  Rules made_;
};

}  // namespace

std::unique_ptr<UniqueKey> unique_key(Problem problem, std::vector<std::int64_t> columns, const ArrowSchema& rows,
                                      const std::string& option, std::uint64_t most_bytes) {
  std::vector<ColumnType> types;
  for (const std::int64_t column : columns) {
    const ArrowSchema& field = *rows.children[column];
    types.push_back(column_type_of(field));
    if (type_of(field).type == Type::null) return nullptr;
    if (types.back().layout() != Layout::none && field.dictionary == nullptr) continue;
    throw wrong("column " + written(column_name(rows, column)) +
                    ": expected a text, number, date, time or boolean for unique, found " + types.back().name,
                option);
  }
  return std::make_unique<UniqueKey>(std::move(problem), std::move(columns), std::move(types), most_bytes);
}

Rules rules_of(const Config& config, const ArrowSchema& input) { return Reading(config, input).read(); }

bool has_unique(const Config& config) {
  return std::any_of(kBases.begin(), kBases.end(), [&config](const char* const place) {
    const std::string base(place);
    if (config.count(base + "/unique") > 0) return true;
    const std::string columns = base + "/columns";
    for (std::uint64_t i = 0; i < config.count(columns); ++i) {
      if (config.boolean(pointer_to(columns, config.key(columns, i)) + "/unique")) return true;
    }
    return false;
  });
}

}  // namespace weir::validate
