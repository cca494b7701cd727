#include "packages/package_file.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/utf8.hpp"
#include "security/checksum.hpp"
#include "security/small_file.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInfoName = "plugin.json";
constexpr const char* kPackageSignaturesName = "plugin.json.sig";
constexpr std::size_t kMaxSignatureBytes = 64U << 10U;
constexpr std::size_t kPiece = 256U << 10U;

std::span<const std::uint8_t> span_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// One way through the archive. libarchive's messages are told as they are.
class Reader {
 public:
  explicit Reader(const fs::path& path)
      : name_(path.filename().string()), archive_(::archive_read_new(), ::archive_read_free) {
    ::archive_read_support_format_tar(archive_.get());
    ::archive_read_support_filter_zstd(archive_.get());
  }

  base::Result<void> open(const fs::path& path) {
    file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status{};
    if (file_ < 0 || ::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode)) {
      const std::string found = file_ >= 0 ? "something else" : std::strerror(errno);
      return base::unexpected(base::make_error(base::Status::not_found, base::Fault::missing, "package.unreadable",
                                               path.string() + ": expected a package's file, found: " + found)
                                  .with_hint("see that the file is there and may be read"));
    }
    if (::archive_read_open_fd(archive_.get(), file_, kPiece) != ARCHIVE_OK) return damaged();
    return {};
  }
  ~Reader() {
    archive_.reset();
    if (file_ >= 0) ::close(file_);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Goes on to the next file; false at the end.
  base::Result<bool> next() {
    const int code = ::archive_read_next_header(archive_.get(), &entry_);
    if (code == ARCHIVE_EOF) return false;
    if (code != ARCHIVE_OK) return base::unexpected(damaged().error());
    const char* const name = ::archive_entry_pathname_utf8(entry_);
    path_ = name == nullptr ? "" : name;
    if (::archive_entry_filetype(entry_) == AE_IFREG && ::archive_entry_hardlink(entry_) == nullptr) return true;
    return base::unexpected(package_damaged(name_, "expected plain files, found another kind at " + shown()));
  }
  const std::string& path() const { return path_; }
  const std::string& name() const { return name_; }
  // For messages.
  std::string shown() const { return "'" + base::printable(path_) + "'"; }

  // The next bytes of the file; none at its end.
  base::Result<std::span<const std::uint8_t>> read() {
    const auto count = ::archive_read_data(archive_.get(), buffer_.data(), buffer_.size());
    if (count < 0) return base::unexpected(damaged().error());
    return std::span<const std::uint8_t>(buffer_.data(), static_cast<std::size_t>(count));
  }

  base::Result<std::string> text(std::size_t max) {
    std::string text;
    for (;;) {
      WEIR_TRY_ASSIGN(const auto bytes, read());
      if (bytes.empty()) return text;
      text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      if (text.size() > max)
        return base::unexpected(package_damaged(name_, "expected a short file at " + shown() + ", found a long one"));
    }
  }

  base::Result<void> damaged() const {
    const char* const reason = ::archive_error_string(archive_.get());
    return base::unexpected(package_damaged(name_, "expected a tar that zstd has compressed, found: " +
                                                       std::string(reason == nullptr ? "another file" : reason)));
  }

 private:
  std::string name_, path_;
  std::unique_ptr<::archive, int (*)(::archive*)> archive_;
  ::archive_entry* entry_ = nullptr;
  int file_ = -1;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(kPiece);
};

// Reads plugin.json and its signatures; the reader stands at the file behind them afterwards, or at the end.
base::Result<PackageHead> head_of(Reader& reader, bool& more) {
  WEIR_TRY_ASSIGN(more, reader.next());
  if (!more || reader.path() != kInfoName)
    return base::unexpected(package_damaged(reader.name(), "expected plugin.json to be the first file, found " +
                                                               (more ? reader.shown() : std::string("none"))));
  PackageHead head;
  WEIR_TRY_ASSIGN(head.info_text, reader.text(kMaxInfoBytes));
  WEIR_TRY_ASSIGN(head.info, parse_package_info(head.info_text, reader.name()));
  WEIR_TRY_ASSIGN(more, reader.next());
  if (!more || reader.path() != kPackageSignaturesName) return head;
  WEIR_TRY_ASSIGN(const std::string signatures, reader.text(kMaxSignatureBytes));
  WEIR_TRY_ASSIGN(head.signatures, security::parse_signatures(signatures, kPackageType, reader.name()));
  WEIR_TRY_ASSIGN(more, reader.next());
  return head;
}

base::Result<void> take_file(Reader& reader, const PackagedFile& file, const FileTaker& take) {
  security::Checksum checksum("sha256");
  std::uint64_t count = 0;
  for (;;) {
    WEIR_TRY_ASSIGN(const auto bytes, reader.read());
    count += bytes.size();
    const std::string sizes = "expected " + std::to_string(file.bytes) + " bytes of '" + file.path + "', found ";
    if (count > file.bytes) return base::unexpected(package_damaged(reader.name(), sizes + "more"));
    checksum.add(bytes);
    if (!bytes.empty()) {
      WEIR_TRY(take(file, bytes));
      continue;
    }
    if (count < file.bytes) return base::unexpected(package_damaged(reader.name(), sizes + std::to_string(count)));
    const std::string sha256 = checksum.end();
    if (sha256 == file.sha256) return take(file, {});
    return base::unexpected(package_damaged(
        reader.name(), "expected '" + file.path + "' with SHA-256 " + file.sha256 + ", found " + sha256));
  }
}

base::Error unwritable(const fs::path& path, const std::string& found) {
  return base::make_error(base::Status::failed_precondition, base::Fault::destination, "package.unwritable",
                          path.string() + ": expected to write a package, found: " + found)
      .with_hint("see that its folder is there, can be written, and has room");
}

// The archive as it is made, under a name of its own until it is whole.
class Writer {
 public:
  explicit Writer(fs::path path) : path_(std::move(path)), archive_(::archive_write_new(), ::archive_write_free) {}
  ~Writer() {
    archive_.reset();
    if (file_ < 0) return;
    ::close(file_);
    ::unlink(staged_.c_str());
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  base::Result<void> open() {
    staged_ = path_.string() + "." + std::to_string(::getpid()) + ".new";
    file_ = ::open(staged_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file_ < 0) return base::unexpected(unwritable(path_, std::strerror(errno)));
    ::archive* const to = archive_.get();
    const bool works = ::archive_write_set_format_ustar(to) == ARCHIVE_OK &&
                       ::archive_write_add_filter_zstd(to) == ARCHIVE_OK &&
                       ::archive_write_set_options(to, "zstd:compression-level=19") == ARCHIVE_OK &&
                       ::archive_write_open_fd(to, file_) == ARCHIVE_OK;
    return works ? base::Result<void>() : failed();
  }

  // Nothing of when and by whom it is made goes into it.
  base::Result<void> begin(const std::string& path, std::uint64_t bytes) {
    const std::unique_ptr<::archive_entry, void (*)(::archive_entry*)> entry(::archive_entry_new(),
                                                                             ::archive_entry_free);
    ::archive_entry_set_pathname(entry.get(), path.c_str());
    ::archive_entry_set_filetype(entry.get(), AE_IFREG);
    ::archive_entry_set_perm(entry.get(), path.ends_with(".so") ? 0755 : 0644);
    ::archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes));
    ::archive_entry_set_mtime(entry.get(), 0, 0);
    return ::archive_write_header(archive_.get(), entry.get()) == ARCHIVE_OK ? base::Result<void>() : failed();
  }
  base::Result<void> write(std::span<const std::uint8_t> bytes) {
    const auto written = ::archive_write_data(archive_.get(), bytes.data(), bytes.size());
    return written == static_cast<la_ssize_t>(bytes.size()) ? base::Result<void>() : failed();
  }
  base::Result<void> write(const std::string& path, const std::string& text) {
    WEIR_TRY(begin(path, text.size()));
    return write(span_of(text));
  }

  base::Result<void> end() {
    if (::archive_write_close(archive_.get()) != ARCHIVE_OK) return failed();
    if (::fsync(file_) != 0 || ::rename(staged_.c_str(), path_.c_str()) != 0)
      return base::unexpected(unwritable(path_, std::strerror(errno)));
    ::close(file_);
    file_ = -1;
    return {};
  }

 private:
  base::Result<void> failed() const {
    const char* const reason = ::archive_error_string(archive_.get());
    return base::unexpected(unwritable(path_, reason == nullptr ? "that libarchive can't" : reason));
  }

  fs::path path_, staged_;
  std::unique_ptr<::archive, int (*)(::archive*)> archive_;
  int file_ = -1;
};

base::Result<void> write_file(Writer& writer, const PackagedFile& file, const FileSource& source) {
  std::string bytes = source.text;
  security::FileProblem problem;
  std::string found;
  if (!source.file.empty() && !security::read_file(source.file, kMaxPackageBytes, bytes, problem))
    found = problem.text();
  security::Checksum checksum("sha256");
  checksum.add(span_of(bytes));
  if (found.empty() && (bytes.size() != file.bytes || checksum.end() != file.sha256))
    found = "another one than a moment ago";
  if (!found.empty()) {
    return base::unexpected(
        base::make_error(base::Status::failed_precondition, base::Fault::manifest, "package.source",
                         source.file.string() + ": expected a file for the package, found: " + found)
            .with_hint("see that the file is there, may be read, and stays as it is"));
  }
  return writer.write(file.path, bytes);
}

}  // namespace

std::vector<fs::path> package_files(const fs::path& folder, std::error_code& problem) {
  std::vector<fs::path> packages;
  for (fs::directory_iterator entry(folder, problem); !problem && entry != fs::directory_iterator();
       entry.increment(problem)) {
    if (entry->path().extension() == ".weirpkg") packages.push_back(entry->path());
  }
  std::sort(packages.begin(), packages.end());
  return packages;
}

base::Result<PackageHead> read_head(const fs::path& path) {
  Reader reader(path);
  WEIR_TRY(reader.open(path));
  bool more = false;
  return head_of(reader, more);
}

base::Result<PackageHead> read_package(const fs::path& path, const FileTaker& take) {
  Reader reader(path);
  WEIR_TRY(reader.open(path));
  bool more = false;
  WEIR_TRY_ASSIGN(PackageHead head, head_of(reader, more));
  for (const PackagedFile& file : head.info.files) {
    if (!more || reader.path() != file.path)
      return base::unexpected(package_damaged(reader.name(), "expected '" + file.path + "' next, found " +
                                                                 (more ? reader.shown() : std::string("the end"))));
    WEIR_TRY(take_file(reader, file, take));
    WEIR_TRY_ASSIGN(more, reader.next());
  }
  if (more)
    return base::unexpected(
        package_damaged(reader.name(), "expected the files that plugin.json lists, found " + reader.shown() + " too"));
  return head;
}

base::Result<void> write_package(const fs::path& path, const PackageHead& head,
                                 const std::vector<FileSource>& sources) {
  Writer writer(path);
  WEIR_TRY(writer.open());
  WEIR_TRY(writer.write(kInfoName, head.info_text));
  if (!head.signatures.empty())
    WEIR_TRY(writer.write(kPackageSignaturesName, security::signatures_text(kPackageType, head.signatures)));
  for (std::size_t i = 0; i < head.info.files.size(); ++i)
    WEIR_TRY(write_file(writer, head.info.files[i], sources.at(i)));
  return writer.end();
}

}  // namespace weir::packages
