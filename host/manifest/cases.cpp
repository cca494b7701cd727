#include "manifest/cases.hpp"

#include <algorithm>
#include <array>

#include "base/units.hpp"
#include "manifest/diagnostics.hpp"

namespace weir::manifest {
namespace {

constexpr const char* kRows = "write - { COLUMN: VALUE, … } for each row";
constexpr std::array<std::string_view, 5> kOfAReject{"row", "reason", "column", "detail", "link"};

class CaseReader {
 public:
  CaseReader(const Node& node, Errors& errors) : node_(node), errors_(errors) {}

  std::optional<Case> read() {
    if (node_.kind != Kind::object) {
      errors_.push_back(wrong_value(node_, "tests", "", "an object with 'name', 'given' and 'expect'"));
      return std::nullopt;
    }
    const Node* const name = node_.find("name");
    what_ = name != nullptr && name->kind == Kind::text ? "test '" + name->text + "'" : "tests";
    case_.where = name != nullptr ? name->where : node_.where;
    Fields fields(node_, "test", what_, errors_);
    fields.pass_over("description");
    case_.name = fields.text("name").value_or("");
    if (!given(name)) missing("name", "what the case shows", "add name: what it shows, in words");
    read_given(fields.get("given"));
    read_types(fields.get("types"));
    read_expect(fields.get("expect"));
    if (const Node* const rejects = fields.get("rejects")) read_rejects(*rejects);
    if (const Node* const fails = fields.get("fails"); fails && fields.text("fails")) case_.fails = *fails;
    case_.ordered = fields.boolean("ordered").value_or(false);
    read_columns(fields.get("columns"));
    fields.refuse_unknown();
    if (!given(node_.find("expect")) && !case_.rejects && !given(node_.find("fails")) && !near("expect"))
      missing("expect", "the rows that must go out", "add expect: [ { COLUMN: VALUE, … } ], rejects: or fails:");
    return std::move(case_);
  }

 private:
  // Whether an unknown key was meant to be `key`: then that is told, once.
  bool near(const std::string& key) const {
    return std::any_of(node_.members.begin(), node_.members.end(),
                       [&key](const Member& one) { return one.key != key && !base::nearest(one.key, {key}).empty(); });
  }
  void missing(const std::string& key, const std::string& meaning, const std::string& hint) {
    errors_.push_back(base::manifest_error("manifest.test",
                                           what_ + ": expected '" + key + "', " + meaning + ", found none",
                                           Where{node_.where.source, node_.where.offset, 1}.place())
                          .with_hint(hint));
  }

  // Whether it is a list of objects; adds an error for each that is none.
  bool are_rows(const Node& node, const std::string& what) {
    if (node.kind != Kind::array) {
      errors_.push_back(wrong_value(node, what, "", "a list of rows").with_hint(kRows));
      return false;
    }
    bool good = true;
    for (const Node& row : node.items) {
      if (row.kind == Kind::object) continue;
      errors_.push_back(wrong_value(row, what, "", "a row, an object of columns and values").with_hint(kRows));
      good = false;
    }
    return good;
  }

  void read_given(const Node* node) {
    const std::string what = what_ + ": given";
    if (node == nullptr) {
      if (!near("given"))
        missing("given", "the rows that come in", "add given: [ { COLUMN: VALUE, … } ], or { file: rows.csv }");
      return;
    }
    case_.given_where = node->where;
    if (node->kind == Kind::array) {
      if (are_rows(*node, what)) case_.given = *node;
      return;
    }
    if (node->kind != Kind::object) {
      errors_.push_back(wrong_value(*node, what, "", "a list of rows, or { file: rows.csv }").with_hint(kRows));
      return;
    }
    Fields fields(*node, "given_file", what, errors_);
    case_.file = fields.text("file").value_or("");
    if (const Node* const file = fields.get("file")) case_.given_where = file->where;
    fields.refuse_unknown();
  }

  void read_types(const Node* node) {
    if (node == nullptr) return;
    if (node->kind != Kind::object)
      return errors_.push_back(wrong_value(*node, what_, "types", "an object of columns and types")
                                   .with_hint("write types: { price: \"decimal(10,2)\" }"));
    for (const Member& member : node->members) {
      if (read_text(member.value, what_ + ": types", member.key, errors_))
        case_.types.emplace_back(member.key, member.value);
    }
  }

  void read_expect(const Node* node) {
    if (node == nullptr) return;
    const std::string what = what_ + ": expect";
    if (node->kind != Kind::object) {
      if (are_rows(*node, what)) case_.expect.push_back({"", node->where, *node});
      return;
    }
    for (const Member& member : node->members) {
      if (are_rows(member.value, what + ": " + member.key))
        case_.expect.push_back({member.key, member.key_where, member.value});
    }
  }

  void read_rejects(const Node& node) {
    const std::string what = what_ + ": rejects";
    if (!are_rows(node, what)) return;
    for (const Node& row : node.items) {
      for (const Member& member : row.members) check_reject(member, what);
    }
    case_.rejects = node;
  }
  void check_reject(const Member& member, const std::string& what) {
    if (std::find(kOfAReject.begin(), kOfAReject.end(), member.key) != kOfAReject.end()) return;
    errors_.push_back(base::manifest_error("manifest.unknown_key", what + ": unknown key '" + member.key + "'",
                                           member.key_where.place())
                          .with_hint("a reject is { row: { COLUMN: VALUE, … }, reason: TEXT }, and may have column, "
                                     "detail and link, as in the reject file"));
  }

  void read_columns(const Node* node) {
    if (node == nullptr) return;
    const std::string word = node->kind == Kind::text ? node->text : "";
    if (word != "named" && word != "all") {
      errors_.push_back(wrong_value(*node, what_, "columns", "named or all")
                            .with_hint("named: those that an expected row names are compared; all: no other may be "
                                       "there"));
    }
    case_.all_columns = word == "all";
  }

  const Node& node_;
  Errors& errors_;
  std::string what_;
  Case case_;
};

}  // namespace

std::vector<Case> read_cases(const Node& tests, Errors& errors) {
  std::vector<Case> cases;
  if (tests.kind != Kind::array) {
    errors.push_back(wrong_value(tests, "tests", "", "a list of cases")
                         .with_hint("write - { name: …, given: [ … ], expect: [ … ] } for each"));
    return cases;
  }
  for (const Node& item : tests.items) {
    auto one = CaseReader(item, errors).read();
    if (!one) continue;
    const bool twice = std::any_of(cases.begin(), cases.end(),
                                   [&](const Case& other) { return !one->name.empty() && other.name == one->name; });
    if (twice) {
      errors.push_back(
          base::manifest_error("manifest.test", "two tests are named '" + one->name + "'", one->where.place())
              .with_hint("give each a name of its own: --case runs one by its name"));
    }
    cases.push_back(std::move(*one));
  }
  return cases;
}

}  // namespace weir::manifest
