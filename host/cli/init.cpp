#include "cli/init.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include <weir/cpp/type_names.hpp>

#include "arrow/schema.hpp"
#include "cli/text.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostColumns = 2000;  // of a SQLite table
constexpr std::size_t kMostTyped = 300;      // columns that the comment names

// A text as YAML takes it: JSON's spelling is YAML's too.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// A key, without quotes where YAML needs none.
std::string key(const std::string& name) {
  static const std::set<std::string> kWords{"true", "false", "null", "True", "False", "Null", "TRUE", "FALSE", "NULL"};
  const auto letter = [](unsigned char one) { return std::isalpha(one) != 0 || one == '_'; };
  const auto inside = [&letter](unsigned char one) { return letter(one) || std::isdigit(one) != 0; };
  const bool plain = !name.empty() && letter(static_cast<unsigned char>(name[0])) &&
                     std::all_of(name.begin(), name.end(), inside) && !kWords.contains(name);
  return plain ? name : quoted(name);
}

// A column in an expression, inside YAML's single quotes.
std::string column_in_expression(const std::string& name) {
  std::string text;
  for (const char letter : name) text += letter == '"' ? "\"\"" : letter == '\'' ? "''" : std::string(1, letter);
  return "\"" + text + "\"";
}

bool one_line(const std::string& name) {
  return std::none_of(name.begin(), name.end(), [](unsigned char letter) { return letter < 32; });
}

// Whether SQLite can have a table of these columns: its names don't know case.
bool fits_a_table(const ArrowSchema& rows) {
  std::set<std::string> names;
  for (std::int64_t i = 0; i < rows.n_children; ++i) {
    std::string name = rows.children[i]->name;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    if (name.empty() || !names.insert(name).second) return false;
  }
  return rows.n_children > 0 && rows.n_children <= kMostColumns;
}

// Whether the first line of a file may be a row, and its columns have no names.
bool some_are_numbers(const ArrowSchema& rows) {
  for (std::int64_t i = 0; i < rows.n_children; ++i) {
    const std::string_view name = rows.children[i]->name;
    double value = 0;
    if (text::parse_double(name.data(), name.data() + name.size(), value)) return true;
  }
  return false;
}

// The first of name.ending, name-2.ending, … that is not in the folder: what stands there stays.
std::string free_name(const fs::path& folder, const std::string& name, const std::string& ending) {
  std::error_code problem;
  std::string file = name + ending;
  for (int number = 2; fs::exists(folder / file, problem) && number < 1000; ++number)
    file = name + "-" + std::to_string(number) + ending;
  return file;
}

// A text on one line.
std::string in_comment(std::string text) {
  std::replace_if(text.begin(), text.end(), [](unsigned char letter) { return letter < 32; }, ' ');
  return text;
}

class Writer {
 public:
  Writer(const fs::path& folder, std::string indent) : folder_(folder), indent_(std::move(indent)) {}

  std::string pipeline(const DataFound& found) {
    extract(found);
    transform(found);
    load(found);
    line("reject: { use: file, path: " + quoted(free_name(folder_, found.name + ".rejects", ".ndjson")) + " }");
    return std::move(text_);
  }

 private:
  void line(const std::string& text) { text_ += indent_ + text + "\n"; }

  void extract(const DataFound& found) {
    if (!found.table.empty()) {
      line("extract: { use: sqlite, database: " + quoted(found.paths.front()) + ", table: " + quoted(found.table) +
           " }");
      return types(found, "");
    }
    const bool several = found.paths.size() > 1;
    line("extract:");
    for (const auto& path : found.paths) {
      const std::string dent = several ? "    " : "  ";
      line(several ? "  - use: file" : "  use: file");
      line(dent + "path: " + quoted(path));
      line(dent + "format:");
      line(dent + "  use: " + found.format);
      if (!found.delimiter.empty()) line(dent + "  delimiter: " + quoted(found.delimiter));
      if (found.format == "csv" && some_are_numbers(found.schema.get()))
        line(dent + "  # header: false   # if the first line is a row: some names of columns are numbers");
      if (&path == &found.paths.front()) types(found, dent + "  ");
    }
  }

  // The types that were found; a comment, so that a column stays free to be what it is.
  void types(const DataFound& found, const std::string& dent) {
    const ArrowSchema& rows = found.schema.get();
    if (rows.n_children == 0) return;
    const bool typed = found.table.empty();
    line(dent + (typed
                     ? "# Found in a sample. Without the # a type is fixed: a value that does not fit rejects its row."
                     : "# columns:"));
    if (typed) line(dent + "# types:");
    for (std::int64_t i = 0; i < rows.n_children; ++i) {
      const ArrowSchema& field = *rows.children[i];
      if (static_cast<std::size_t>(i) == kMostTyped) {
        line(dent + "#   … and " + std::to_string(rows.n_children - i) + " more: weir plan shows all");
        return;
      }
      const std::string type = arrow::describe_type(field);
      if (typed && !weir::type_named(type))  // nested, or never seen: nothing that a manifest could say
        line(dent + "#   # " + key(field.name) + ": " + (type == "null" ? "no value yet" : type));
      else
        line(dent + "#   " + key(field.name) + ": " +
             (type.find_first_of("(<,") == std::string::npos ? type : quoted(type)));
    }
  }

  void transform(const DataFound& found) {
    const ArrowSchema& rows = found.schema.get();
    if (rows.n_children == 0 || !one_line(rows.children[0]->name)) return;
    line("# What happens to the rows on their way: filter, derive, select, validate, rename, … (weir plugin list).");
    line("# transform:");
    line("#   - { use: filter, where: '" + column_in_expression(rows.children[0]->name) + " is not null' }");
  }

  void load(const DataFound& found) {
    if (found.table.empty() && fits_a_table(found.schema.get())) {
      line("load: { use: sqlite, database: " + quoted(free_name(folder_, found.name, ".db")) +
           ", table: " + quoted(found.name) + ", mode: replace }");
      return;
    }
    const std::string ending = found.table.empty() ? ".rows.ndjson" : ".ndjson";
    line("load: { use: file, path: " + quoted(free_name(folder_, found.name, ending)) + ", format: json }");
  }

  const fs::path& folder_;
  std::string indent_;
  std::string text_;
};

}  // namespace

std::string manifest_for(const std::vector<DataFound>& found, const fs::path& folder, const std::string& file) {
  const std::string shown = shell_word(file);
  std::string text =
      "# Written by weir init. Look at the rows with weir preview " + shown + ", then weir run " + shown + ".\n";
  for (const auto& one : found) {
    for (const auto& reason : one.left_out) text += "# Left out, for it can't be read: " + in_comment(reason) + "\n";
  }
  text += "weir: 1\n";
  if (found.size() == 1)
    return text + "name: " + quoted(found.front().name) + "\n" + Writer(folder, "").pipeline(found.front());
  text += "pipelines:\n";
  for (const auto& one : found) text += "  " + key(one.name) + ":\n" + Writer(folder, "    ").pipeline(one);
  return text;
}

}  // namespace weir::cli
