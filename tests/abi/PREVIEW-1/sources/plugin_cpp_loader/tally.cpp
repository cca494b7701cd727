// tally: a loader in C++. It counts rows by the values of a column; a file gets the counts, and its name by a commit.
#include <weir/weir.hpp>

#include <cstdio>
#include <map>

#include "weir_plugin_info.h"

namespace {

weir::Failure cannot(const char* what, const std::string& file) {
  return weir::Failure(WEIR_PERMISSION_DENIED, WEIR_FAULT_DESTINATION, std::string("can't ") + what + " '" + file + "'")
      .hint("look whether its folder is there, and may be written");
}

// What a writer made that died before it told of it is found by this name.
std::string staged_name(const weir::Context& context) {
  return std::string(context.config().text("/path")) + "." + std::string(context.run()) + "." +
         std::string(context.link()) + ".staged";
}

// One for the run, in which all rows arrive: two could not count together.
class Tally : public weir::Writer {
 public:
  static void traits(const weir::Config&, weir_traits& traits) {
    traits.commit = WEIR_COMMIT_TWO_PHASE;
    traits.max_instances = 1;
  }

  Tally(const weir::Context& context, const weir::Inputs& inputs, const weir::Outputs& stored)
      : path_(context.config().text("/path")), name_(context.config().text("/column")), staged_(staged_name(context)) {
    column_ = weir::column_index(inputs[0], name_);
    if (column_ < 0 || weir::type_of(*inputs[0].children[column_]).type != weir::Type::utf8) {
      throw weir::Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "no such column of type string")
          .option("/column");
    }
    stored.same(inputs[0]);
  }

  void write(std::uint64_t, weir::Batch& batch, const weir::Next& next) override {
    const weir::TextColumn texts(batch.column(column_), batch.outer());
    for (std::int64_t row = 0; row < batch.length(); ++row) {
      if (texts.valid(row)) {
        ++counts_[std::string(texts[row])];
        ++rows_;
      } else {
        next.reject(weir::rejected_row(row, name_, "null"));
      }
    }
  }

  // What is told here is all that the committer gets, perhaps in another process: both names of the file.
  void prepare(std::uint64_t, const weir::Sink& committable, std::span<weir_receipt* const> receipts) override {
    std::FILE* file = std::fopen(staged_.c_str(), "we");
    if (file == nullptr) throw cannot("write", staged_);
    for (const auto& [value, count] : counts_) std::fprintf(file, "%ld\t%s\n", count, value.c_str());
    if (std::fclose(file) != 0) throw cannot("write", staged_);
    committable.put(staged_ + '\0' + path_);
    receipts[0]->rows = rows_;
  }

 private:
  std::string path_, name_, staged_;
  std::int64_t column_ = -1, rows_ = 0;
  std::map<std::string, long> counts_;
};

class Names : public weir::Committer {
 public:
  explicit Names(const weir::Context& context) : staged_(staged_name(context)) {}

  // May be called again for what was published by a call that never returned: then the staged file is gone.
  void commit(std::uint64_t, std::span<const weir_bytes> committables, const weir::Sink& published) override {
    for (const auto& committable : committables) {
      const auto [staged, path] = names_of(committable);
      if (std::rename(staged.c_str(), path.c_str()) != 0 && errno != ENOENT) throw cannot("rename to", path);
      published.put(path);
    }
  }
  void abort(std::uint64_t, std::span<const weir_bytes>) override { std::remove(staged_.c_str()); }

 private:
  static std::pair<std::string, std::string> names_of(const weir_bytes& committable) {
    const std::string_view both = weir::to_view(committable);
    const std::size_t middle = both.find('\0');
    return {std::string(both.substr(0, middle)), std::string(both.substr(middle + 1))};
  }

  std::string staged_;
};

}  // namespace

WEIR_PLUGIN(weir::loader<Tally, Names>("tally"));
