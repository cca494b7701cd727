// The table by itself, and the transformer as a host calls it.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <weir/testing_transformer.hpp>

#include "ranges.hpp"

namespace {

using weir::testing::Options;
using weir::testing::TransformerInstance;

void must(bool condition, const std::string& otherwise) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", otherwise.c_str());
  std::exit(1);
}

// A file that goes with this.
class File {
 public:
  explicit File(const std::string& text) {
    char name[] = "geoip_test_XXXXXX";
    path_ = std::filesystem::temp_directory_path() / mkdtemp_of(name);
    std::ofstream(path_ / "table.csv") << text;
  }
  ~File() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_ / "table.csv"; }

 private:
  static std::string mkdtemp_of(const char* name) {
    std::string whole = std::filesystem::temp_directory_path() / name;
    must(mkdtemp(whole.data()) != nullptr, "expected a folder for the test");
    return std::filesystem::path(whole).filename();
  }
  std::filesystem::path path_;
};

std::string city(const geoip::Ranges& ranges, const char* address) {
  const auto* found = ranges.find(geoip::address_of(address).value());
  return found == nullptr ? "-" : found->at(0);
}

void addresses_are_found() {
  const File file("network,city\r\n10.0.0.0/8,\"a \"\"b\"\", c\"\r\n192.0.2.4/32,d\r\n2001:db8::/32,e\r\n\r\n");
  const geoip::Ranges ranges(file.path());
  must(ranges.facts() == std::vector<std::string>{"city"}, "expected one fact");
  const struct {
    const char *address, *wanted;
  } known[] = {{"10.0.0.0", "a \"b\", c"},
               {"10.255.255.255", "a \"b\", c"},
               {"9.255.255.255", "-"},
               {"11.0.0.0", "-"},
               {"192.0.2.4", "d"},
               {"192.0.2.5", "-"},
               {"2001:db8::1", "e"},
               {"2001:db9::", "-"},
               {"::ffff:10.1.2.3", "a \"b\", c"}};
  for (const auto& one : known)
    must(city(ranges, one.address) == one.wanted, std::string(one.address) + ": found " + city(ranges, one.address));
}

void ranges_have_ends() {
  const File file("start,end,city\n1.0.0.10,1.0.0.20,x\n1.0.0.0,1.0.0.9,y\n");
  const geoip::Ranges ranges(file.path());
  must(city(ranges, "1.0.0.9") == "y" && city(ranges, "1.0.0.10") == "x" && city(ranges, "1.0.0.21") == "-",
       "expected both ends to be in");
}

void what_is_no_address_is_none() {
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "1.2.3.400", "x", ":::", "1.2.3.4 "})
    must(!geoip::address_of(text), std::string("expected no address in '") + text + "'");
  must(!geoip::address_of(std::string_view("1.2.3.4\0", 8)), "expected no zero in an address");
}

void a_wrong_table_is_told() {
  const struct {
    const char *text, *wanted;
  } wrong[] = {{"a,b\n", ":1: expected a column network"},
               {"network,b\n1.2.3.4/24,x\n", ":2: expected a network such as"},
               {"network,b\n1.2.3.0/24,x\n1.2.3.0/25,y\n", ":3: expected networks that do not overlap"},
               {"network,b\n1.2.3.0/24\n", ":2: expected 2 fields, found 1"},
               {"start,end\n2.0.0.0,1.0.0.0\n", ":2: expected two addresses in order"}};
  for (const auto& one : wrong) {
    const File file(one.text);
    const TransformerInstance instance("geoip", weir::Schema::rows(weir::fields_of(weir::Schema::field("u", "ip"))),
                                       {{"/column", "ip"}, {"/table", file.path()}, {"/invalid", "null"}});
    must(instance.status == WEIR_INVALID_ARGUMENT, std::string(one.wanted) + ": expected an error");
    must(std::string(instance.error.message).find(one.wanted) != std::string::npos, instance.error.message);
  }
}

void rows_get_columns_and_what_is_no_address_is_rejected() {
  const File file("network,country,city\n192.0.2.0/24,US,Boston\n");
  TransformerInstance instance(
      "geoip", weir::Schema::rows(weir::fields_of(weir::Schema::field("u", "ip"))),
      {{"/column", "ip"}, {"/table", file.path()}, {"/add/0", "city"}, {"/prefix", "at_"}, {"/invalid", "reject"}});
  must(instance.status == WEIR_OK, instance.error.message);
  must(std::string(instance.output().children[1]->name) == "at_city", "expected the new column's name");
  const weir::Array rows =
      instance.process(weir::testing::text_column({"no", "192.0.2.1", nullptr, "x", "8.8.8.8"}), 1);
  must(rows->length == 3 && rows->n_children == 2, "expected three rows of two columns");
  const weir::TextColumn cities(*rows->children[1], rows->offset);
  must(cities[0] == "Boston" && !cities.valid(1) && !cities.valid(2), "expected Boston and two nulls");
  must(instance.collected.rejected.size() == 1 && instance.collected.rejected[0].detail == "x", "expected one reject");
}

}  // namespace

int main() {
  addresses_are_found();
  ranges_have_ends();
  what_is_no_address_is_none();
  a_wrong_table_is_told();
  rows_get_columns_and_what_is_no_address_is_rejected();
}
