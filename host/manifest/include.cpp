#include "manifest/include.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "manifest/overlay.hpp"
#include "manifest/parse.hpp"

namespace weir::manifest {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMaxIncludes = 100;  // bounds what files that include each other twice can cost

struct Open {
  fs::path path;      // the real one
  std::string shown;  // as messages name it
};

class Includer {
 public:
  Includer(const Values& values, observe::Redactor& redactor, Errors& errors)
      : values_(values), redactor_(redactor), errors_(errors) {}

  void begin(const Node& tree) {
    if (tree.where.source) open_.push_back(identify(tree.where, fs::path(tree.where.source->file()).filename()));
  }

  void resolve(Node& tree) {
    Node files = take(tree, "include");
    if (!given(&files)) return;
    auto problems = interpolate(files, values_, redactor_);
    if (!problems.empty()) {
      std::move(problems.begin(), problems.end(), std::back_inserter(errors_));
      return;
    }
    if (files.kind != Kind::text && files.kind != Kind::array)
      return errors_.push_back(wrong_value(files, "include", "", "a file or a list of files"));
    Node whole;
    whole.kind = Kind::object;
    whole.where = tree.where;
    if (files.kind == Kind::text) include(files, whole);
    for (const Node& file : files.items) include(file, whole);
    overlay(whole, tree);
    tree = std::move(whole);
  }

 private:
  // `path` as it is written at `where`.
  Open identify(const Where& where, const fs::path& path) const {
    std::error_code problem;
    const fs::path real = fs::weakly_canonical(where.folder_or(values_.folder) / path, problem);
    const fs::path beside = where.source ? fs::path(where.source->file()).parent_path() : fs::path();
    return {real, (beside / path).lexically_normal().string()};
  }

  void fail(const Node& file, std::string message, std::string hint) {
    errors_.push_back(base::manifest_error("manifest.include", "include: " + std::move(message), file.place())
                          .with_hint(std::move(hint)));
  }

  bool cycles(const Node& file, const Open& next) {
    const auto first =
        std::find_if(open_.begin(), open_.end(), [&next](const Open& one) { return one.path == next.path; });
    if (first == open_.end()) return false;
    std::string way;
    for (auto one = first; one != open_.end(); ++one) way += one->shown + " → ";
    fail(file, "expected no cycle, found " + way + next.shown, "take one of these includes away");
    return true;
  }

  void include(const Node& file, Node& whole) {
    const auto path = read_text(file, "include", "", errors_);
    if (!path) return;
    const Open next = identify(file.where, *path);
    if (cycles(file, next)) return;
    if (++count_ > kMaxIncludes) {
      if (count_ == kMaxIncludes + 1) fail(file, "expected at most 100 included files, found more", "");
      return;
    }
    auto source = read_source(next.path.string(), next.shown);
    if (!source) {
      base::Error error = std::move(source).error();
      if (!error.place.known()) error.place = file.place();
      errors_.push_back(std::move(error).with_hint("paths start at the folder of the file that they are written in"));
      return;
    }
    auto tree = parse(*source);
    if (!tree) return errors_.push_back(std::move(tree).error());
    if (tree->kind == Kind::null) return;
    if (tree->kind != Kind::object)
      return errors_.push_back(wrong_value(*tree, "include", "", "an object with keys of a manifest"));
    take(*tree, "$schema");
    open_.push_back(next);
    resolve(*tree);
    open_.pop_back();
    overlay(whole, *tree);
  }

  const Values& values_;
  observe::Redactor& redactor_;
  Errors& errors_;
  std::vector<Open> open_;
  std::size_t count_ = 0;
};

}  // namespace

void apply_includes(Node& tree, const Values& values, observe::Redactor& redactor, Errors& errors) {
  Includer includer(values, redactor, errors);
  includer.begin(tree);
  includer.resolve(tree);
}

}  // namespace weir::manifest
