#include "run/row_match.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include "base/units.hpp"
#include "manifest/diagnostics.hpp"
#include "run/same_value.hpp"

namespace weir::run {
namespace {

using manifest::Kind;
using manifest::Node;

constexpr std::size_t kMostShown = 160;  // bytes of a row
constexpr std::size_t kMostOthers = 3;   // rows that are too many

void append_shown(std::string& out, const Node& value) {
  if (value.secret) {
    out += "***";
    return;
  }
  switch (value.kind) {
    case Kind::array: {
      out += '[';
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (i > 0) out += ", ";
        append_shown(out, value.items[i]);
      }
      out += ']';
      return;
    }
    case Kind::object: {
      out += value.members.empty() ? "{" : "{ ";
      for (std::size_t i = 0; i < value.members.size(); ++i) {
        out += (i > 0 ? ", " : "") + value.members[i].key + ": ";
        append_shown(out, value.members[i].value);
      }
      out += value.members.empty() ? "}" : " }";
      return;
    }
    default: out += manifest::describe(value);
  }
}

// Pairs rows that are the same, as many as there can be.
class Pairing {
 public:
  Pairing(std::size_t expected, std::size_t found, const std::function<bool(std::size_t, std::size_t)>& same)
      : same_(same), found_of_(expected), expected_of_(found) {}

  // The found row of each expected one.
  std::vector<std::optional<std::size_t>> pair() {
    const std::size_t both = std::min(found_of_.size(), expected_of_.size());
    for (std::size_t i = 0; i < both; ++i) {
      if (same_(i, i)) take(i, i);  // as a rule they come in order
    }
    for (std::size_t i = 0; i < found_of_.size(); ++i) {
      if (found_of_[i]) continue;
      tried_.assign(expected_of_.size(), false);
      place(i);
    }
    return found_of_;
  }

 private:
  void take(std::size_t expected, std::size_t found) {
    found_of_[expected] = found;
    expected_of_[found] = expected;
  }
  // Finds a row for `expected`, if need be by giving others one that they may have too.
  bool place(std::size_t expected) {
    for (std::size_t found = 0; found < expected_of_.size(); ++found) {
      if (tried_[found] || !same_(expected, found)) continue;
      tried_[found] = true;
      if (expected_of_[found] && !place(*expected_of_[found])) continue;
      take(expected, found);
      return true;
    }
    return false;
  }

  const std::function<bool(std::size_t, std::size_t)>& same_;
  std::vector<std::optional<std::size_t>> found_of_, expected_of_;
  std::vector<bool> tried_;
};

class Matching {
 public:
  Matching(const Node& expected, const Captured& found, const MatchOptions& options)
      : expected_(expected), found_(found), options_(options) {}

  std::vector<base::Error> match() {
    check_columns();
    std::vector<std::optional<std::size_t>> pairs(expected_.items.size());
    const std::function<bool(std::size_t, std::size_t)> same = [this](std::size_t i, std::size_t j) {
      return equal_columns(i, j, nullptr) == compared(i);
    };
    if (options_.ordered) {
      for (std::size_t i = 0; i < pairs.size() && i < found_.rows.size(); ++i) pairs[i] = i;
    } else {
      pairs = Pairing(pairs.size(), found_.rows.size(), same).pair();
    }
    std::vector<bool> used(found_.rows.size());
    for (const auto& pair : pairs) {
      if (pair) used[*pair] = true;
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (!pairs[i]) pairs[i] = nearest(i, used);
    }
    pair_last_two(pairs, used);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (pairs[i])
        equal_columns(i, *pairs[i], &errors_);
      else
        differ(expected_.items[i].place(),
               row_name(i) + "expected " + shown(expected_.items[i]) + ", found no such row");
    }
    tell_others(used);
    return std::move(errors_);
  }

 private:
  void differ(base::Place place, const std::string& message, std::string hint = {}) {
    errors_.push_back(
        base::make_error(base::Status::failed_precondition, base::Fault::data, "test.differs", options_.what + message)
            .with_place(std::move(place))
            .with_hint(std::move(hint)));
  }
  std::string row_name(std::size_t row) const { return "row " + std::to_string(row + 1) + ": "; }

  const ArrowSchema* field(const std::string& column) const {
    const std::int64_t index = weir::column_index(found_.schema.get(), column);
    return index < 0 ? nullptr : found_.schema->children[index];
  }

  // Columns that are expected and not there are told once.
  void check_columns() {
    std::vector<std::string> there;
    for (std::int64_t i = 0; i < found_.schema->n_children; ++i) there.emplace_back(found_.schema->children[i]->name);
    for (const Node& row : expected_.items) {
      for (const auto& member : row.members) {
        if (std::find(named_.begin(), named_.end(), member.key) != named_.end()) continue;
        named_.push_back(member.key);
        if (field(member.key) != nullptr) continue;
        const std::string near = base::nearest(member.key, there);
        std::string list;
        for (const auto& name : there) list += (list.empty() ? "" : ", ") + name;
        differ(member.key_where.place(), "expected a column '" + member.key + "', found none of that name",
               near.empty() ? "there are: " + list : "did you mean '" + near + "'?");
      }
    }
    if (!options_.all_columns || expected_.items.empty()) return;
    for (const auto& name : there) {
      if (std::find(named_.begin(), named_.end(), name) == named_.end())
        differ(expected_.place(), "expected no column '" + name + "', found it", "columns: named compares fewer");
    }
  }

  std::size_t compared(std::size_t row) const {
    const auto& members = expected_.items[row].members;
    return static_cast<std::size_t>(std::count_if(members.begin(), members.end(),
                                                  [this](const auto& member) { return field(member.key) != nullptr; }));
  }

  // How many of the columns that expected row `i` names are the same in found row `j`; those that are not, to `errors`.
  std::size_t equal_columns(std::size_t i, std::size_t j, std::vector<base::Error>* errors) {
    std::size_t count = 0;
    for (const auto& member : expected_.items[i].members) {
      const ArrowSchema* const of = field(member.key);
      if (of == nullptr) continue;
      const Node* const value = found_.rows[j].find(member.key);
      static const Node kNull;
      const Node& found = value == nullptr ? kNull : *value;
      if (same_value(member.value, found, of, options_.parts)) {
        ++count;
      } else if (errors != nullptr) {
        differ(member.value.place(), row_name(i) + "column '" + member.key + "': expected " + shown(member.value) +
                                         ", found " + shown(found));
      }
    }
    return count;
  }

  // Of the rows that nobody has, the one that has most in common with `row`, if it has half.
  std::optional<std::size_t> nearest(std::size_t row, std::vector<bool>& used) {
    if (options_.ordered) return std::nullopt;
    std::optional<std::size_t> best;
    std::size_t most = 0;
    for (std::size_t j = 0; j < used.size(); ++j) {
      const std::size_t common = used[j] ? 0 : equal_columns(row, j, nullptr);
      if (common <= most || 2 * common < compared(row)) continue;
      most = common;
      best = j;
    }
    if (best) used[*best] = true;
    return best;
  }

  // Where one row is left on each side, they are the same row, changed all over.
  static void pair_last_two(std::vector<std::optional<std::size_t>>& pairs, std::vector<bool>& used) {
    const auto alone = std::find(used.begin(), used.end(), false);
    if (std::count(pairs.begin(), pairs.end(), std::nullopt) != 1 || std::count(used.begin(), used.end(), false) != 1)
      return;
    *std::find(pairs.begin(), pairs.end(), std::nullopt) = static_cast<std::size_t>(alone - used.begin());
    *alone = true;
  }

  // Rows that nobody expects: one difference for all of them, with the first.
  void tell_others(const std::vector<bool>& used) {
    std::string rows;
    std::size_t count = 0;
    for (std::size_t j = 0; j < used.size(); ++j) {
      if (used[j] || ++count > kMostOthers) continue;
      rows += (count == 1 ? "" : "; ") + shown(named_part(found_.rows[j]));
    }
    if (count == 0) return;
    if (count > kMostOthers) rows += "; …";
    differ(expected_.place(),
           "expected no other row, found " + (count == 1 ? rows : std::to_string(count) + ": " + rows));
  }

  // Of a row too many, what expected rows speak of; all, if they are silent.
  Node named_part(const Node& row) const {
    Node part = row;
    if (!named_.empty()) {
      std::erase_if(part.members, [this](const auto& member) {
        return std::find(named_.begin(), named_.end(), member.key) == named_.end();
      });
    }
    return part;
  }

  const Node& expected_;
  const Captured& found_;
  const MatchOptions& options_;
  std::vector<std::string> named_;
  std::vector<base::Error> errors_;
};

}  // namespace

std::string shown(const Node& value) {
  std::string text;
  append_shown(text, value);
  if (text.size() <= kMostShown) return text;
  std::size_t cut = kMostShown;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80) --cut;  // at a whole character
  return text.substr(0, cut) + "…";
}

std::vector<base::Error> differences(const Node& expected, const Captured& found, const MatchOptions& options) {
  return Matching(expected, found, options).match();
}

}  // namespace weir::run
