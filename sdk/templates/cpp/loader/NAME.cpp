// {{name}}: a loader. It writes a column as lines, into a file an epoch that gets its name when the epoch is committed.
#include <weir/weir.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "weir_plugin_info.h"

namespace {

namespace fs = std::filesystem;

weir::Failure cannot(const char* what, const fs::path& file, int problem) {
  return weir::Failure(
             WEIR_UNKNOWN, WEIR_FAULT_DESTINATION,
             std::string("expected to ") + what + " '" + file.string() + "', found: " + std::strerror(problem))
      .hint("see that the folder is there, and may be written")
      .native(problem);
}

// Run and lane are in every name, so that what a dead writer left can be found by them. The dot hides what is not committed.
std::string prefix_of(const weir::Context& context) {
  return "." + std::string(context.run()) + "-" + std::string(context.lane()) + "-";
}

class LineFiles : public weir::Writer {
 public:
  static void traits(const weir::Config&, weir_traits& traits) {
    traits.commit = WEIR_COMMIT_TWO_PHASE;
    traits.max_instances = 1;
  }

  LineFiles(const weir::Context& context, const weir::Inputs& inputs, const weir::Outputs& stored)
      : folder_(context.config().text("/folder")),
        column_name_(context.config().text("/column")),
        prefix_(prefix_of(context)) {
    column_ = weir::column_index(inputs[0], column_name_);
    if (column_ < 0 || weir::type_of(*inputs[0].children[column_]).type != weir::Type::utf8) {
      throw weir::Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                          "expected a column of type string, found none of that name")
          .option("/column");
    }
    stored.same(inputs[0]);
  }

  void write(std::uint64_t, weir::Batch& batch, const weir::Next& next) override {
    const weir::TextColumn texts(batch.column(column_), batch.outer());
    for (std::int64_t row = 0; row < batch.length(); ++row) {
      if (!texts.valid(row)) {
        next.reject(weir::rejected_row(row, column_name_, "null"));
        continue;
      }
      lines_ += texts[row];
      lines_ += '\n';
      ++rows_;
    }
  }

  // After it the epoch's lines are on the disk, and nobody sees them yet.
  void prepare(std::uint64_t epoch, const weir::Sink& committable, std::span<weir_receipt* const> receipts) override {
    receipts[0]->rows = rows_;
    if (rows_ == 0) return;
    const std::string name = prefix_ + std::to_string(epoch) + ".txt";
    save(folder_ / name);
    committable.put(name);
    lines_.clear();
    rows_ = 0;
  }

 private:
  void save(const fs::path& file) const {
    const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (opened < 0) throw cannot("write", file, errno);
    std::size_t done = 0;
    while (done < lines_.size()) {
      const auto wrote = ::write(opened, lines_.data() + done, lines_.size() - done);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) break;
      done += static_cast<std::size_t>(wrote);
    }
    const bool good = done == lines_.size() && ::fsync(opened) == 0;
    const int problem = errno;
    ::close(opened);
    if (!good) throw cannot("write", file, problem);
  }

  fs::path folder_;
  std::string column_name_, prefix_;
  std::string lines_;  // of the epoch
  std::int64_t column_ = -1, rows_ = 0;
};

// It may be in another process than the writers, which may be dead.
class Publisher : public weir::Committer {
 public:
  explicit Publisher(const weir::Context& context)
      : folder_(context.config().text("/folder")), prefix_(prefix_of(context)) {}

  // A file that is not there has its name already: by a call that never returned.
  void commit(std::uint64_t, std::span<const weir_bytes> committables, const weir::Sink& published) override {
    for (const auto& committable : committables) {
      const std::string name(weir::to_view(committable));
      if (std::rename((folder_ / name).c_str(), (folder_ / name.substr(1)).c_str()) != 0 && errno != ENOENT)
        throw cannot("rename", folder_ / name, errno);
      published.put(name);
    }
  }

  // Takes away every staged file of this lane from `epoch` on, told or not.
  void abort(std::uint64_t epoch, std::span<const weir_bytes>) override {
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(folder_, problem)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with(prefix_) && std::strtoull(name.c_str() + prefix_.size(), nullptr, 10) >= epoch)
        fs::remove(entry.path(), problem);
    }
  }

 private:
  fs::path folder_;
  std::string prefix_;
};

}  // namespace

WEIR_PLUGIN(weir::loader<LineFiles, Publisher>("{{name}}"));
