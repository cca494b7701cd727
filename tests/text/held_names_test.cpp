// Names of columns as destinations hold them.
#include <weir_catch.hpp>

#include <weir/cpp/held_names.hpp>

namespace weir {
namespace {

using List = std::vector<std::string>;

constexpr std::size_t kShort = 24;

List held(const NameRule& rule, const List& names, const List& existing = {},
          const std::vector<GivenName>& given = {}) {
  return held_names(rule, names, existing, given);
}

std::string refused(const NameRule& rule, const List& names, const List& existing = {},
                    const std::vector<GivenName>& given = {}) {
  try {
    held(rule, names, existing, given);
  } catch (const Failure& failure) {
    return failure.message();
  }
  return {};
}

NameRule ignoring_case() {
  NameRule rule;
  rule.ignores_case = true;
  return rule;
}

TEST_CASE("a name that the destination can hold stays as it is") {
  CHECK(held({}, {"a", "A", "select", "with space", "é"}) == List{"a", "A", "select", "with space", "é"});
}

TEST_CASE("what can't be held is mapped, to the same name each time") {
  NameRule rule;
  rule.most_bytes = kShort;
  rule.reserved = [](std::string_view name) { return name == "oid"; };
  const List names{"",
                   "a\nb",
                   "oid",
                   std::string(kShort, 'x'),
                   std::string(kShort + 1, 'x'),
                   std::string(14, 'x') + "éy" + std::string(9, 'z')};
  const List mapped = held(rule, names);
  CHECK(mapped[0] == "column_cbf29ce4");  // the digest of no byte is the basis of FNV-1a
  CHECK(mapped[1].starts_with("a_b_"));
  CHECK(mapped[2].starts_with("oid_"));
  CHECK(mapped[3] == names[3]);
  CHECK(mapped[4].size() == kShort);
  CHECK(mapped[5].starts_with(std::string(14, 'x') + "_"));  // no half of a character
  CHECK(held(rule, {names[4], "other"}).front() == mapped[4]);
  rule.any_bytes = true;
  CHECK(held(rule, {"", "a\nb"}) == List{"", "a\nb"});
}

TEST_CASE("names that differ by case are told apart where the destination can't") {
  const List first = held(ignoring_case(), {"id", "ID"});
  CHECK(first[0] == "id");
  CHECK(first[1].starts_with("ID_"));
  CHECK(first[1].size() == 11);
  CHECK(held(ignoring_case(), {"id", "ID"}, {"ID"}) == List{held(ignoring_case(), {"ID", "id"})[1], "ID"});
  CHECK(held(ignoring_case(), {"Id"}, {"ID"}) == List{"ID"});
}

TEST_CASE("a name once given is kept, whatever comes beside it") {
  const std::string mapped = held(ignoring_case(), {"id", "ID"})[1];
  CHECK(held(ignoring_case(), {"ID"}, {"id", mapped}, {{"ID", mapped}}) == List{mapped});
  CHECK(held(ignoring_case(), {"ID", "id"}, {"id", mapped}, {{"ID", mapped}}) == List{mapped, "id"});
  CHECK(held(ignoring_case(), {"ID"}, {"id"}, {{"ID", mapped}}) == List{mapped});
}

TEST_CASE("two names with one column are refused, and both are told") {
  CHECK(
      refused({}, {"a", "b", "a"}) ==
      "expected names of columns that the destination can tell apart, found \"a\" and \"a\", which both become \"a\"");
  const std::string mapped = held(ignoring_case(), {"id", "ID"})[1];
  CHECK(held(ignoring_case(), {"id", "ID", mapped})[2].starts_with(mapped + "_"));
  CHECK(refused(ignoring_case(), {mapped, "id", "ID"})
            .ends_with("found \"" + mapped + "\" and \"ID\", which both become \"" + mapped + "\""));
  CHECK(refused(ignoring_case(), {"id", "ID"}, {"id"}, {{"ID", "id"}}) ==
        "expected names of columns that the destination can tell apart, found \"id\" and \"ID\", which both become "
        "\"id\"");
  CHECK(held(ignoring_case(), {"id"}, {"id"}, {{"ID", "id"}}) == List{"id"});
  CHECK(
      refused(ignoring_case(), {"x"}, {"x"}, {{"y", "x"}}).ends_with("found \"y\" and \"x\", which both become \"x\""));
}

}  // namespace
}  // namespace weir
