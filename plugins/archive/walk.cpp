#include "walk.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <new>

#include "member_name.hpp"
#include "problems.hpp"

namespace weir::archive {
namespace {

struct Utf8 {
  locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  Utf8() = default;
  Utf8(const Utf8&) = delete;
  Utf8& operator=(const Utf8&) = delete;
  ~Utf8() {
    if (locale != nullptr) freelocale(locale);
  }
};

// libarchive turns names into the encoding of the thread's locale, and a process without one has ASCII.
class InUtf8 {
 public:
  InUtf8() {
    static const Utf8 utf8;
    if (utf8.locale != nullptr) before_ = uselocale(utf8.locale);
  }
  ~InUtf8() {
    if (before_ != nullptr) uselocale(before_);
  }
  InUtf8(const InUtf8&) = delete;
  InUtf8& operator=(const InUtf8&) = delete;

 private:
  locale_t before_ = nullptr;
};

// Filters that libarchive has itself: others would start programs. A zip without its directory, which stands at the end, was
// cut off: libarchive's other reader of zip would take what is left for all of it.
void support(::archive* reader) {
  archive_read_support_format_zip_seekable(reader);
  archive_read_support_format_tar(reader);
  archive_read_support_filter_gzip(reader);
  archive_read_support_filter_bzip2(reader);
  archive_read_support_filter_xz(reader);
  archive_read_support_filter_zstd(reader);
  archive_read_support_filter_lz4(reader);
}

bool begins_as_zip(const std::string& path) {
  std::array<char, 4> head{};
  std::ifstream(path, std::ios::binary).read(head.data(), head.size());
  return std::string_view(head.data(), head.size()) == "PK\3\4";
}

bool speaks_of_passwords(std::string_view text) {
  return text.find("assphrase") != std::string_view::npos || text.find("ncrypted") != std::string_view::npos;
}

}  // namespace

Walk::Walk(std::string path, std::string version, const std::string& password)
    : path_(std::move(path)),
      version_(std::move(version)),
      has_password_(!password.empty()),
      bytes_(path_, version_),
      reader_(archive_read_new()) {
  if (reader_ == nullptr) throw std::bad_alloc();
  support(reader_);
  if (has_password_) archive_read_add_passphrase(reader_, password.c_str());
  bytes_.feed(reader_);
  const InUtf8 utf8;
  if (archive_read_open1(reader_) == ARCHIVE_OK) return;
  try {
    fail(true);
  } catch (...) {
    archive_read_free(reader_);
    throw;
  }
}

Walk::~Walk() { archive_read_free(reader_); }

bool Walk::next() {
  const InUtf8 utf8;
  int result = ARCHIVE_RETRY;
  while (result == ARCHIVE_RETRY) result = archive_read_next_header(reader_, &entry_);
  name_.clear();
  if (result == ARCHIVE_EOF) {
    check_end();
    return false;
  }
  if (result != ARCHIVE_OK && result != ARCHIVE_WARN) fail(false);
  const char* name = archive_entry_pathname_utf8(entry_);
  if (name == nullptr) name = archive_entry_pathname(entry_);
  if (name == nullptr) fail(false);
  name_ = normal_name(name);
  ++gone_;
  end_of_member_ = end_of_member();
  return true;
}

std::uint64_t Walk::end_of_member() const {
  constexpr std::uint64_t kBlock = 512;
  const bool tar = (archive_format(reader_) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
  if (!tar || archive_entry_sparse_count(entry_) > 0) return 0;
  const auto size = static_cast<std::uint64_t>(std::max<std::int64_t>(0, archive_entry_size(entry_)));
  return static_cast<std::uint64_t>(archive_filter_bytes(reader_, 0)) + (size + kBlock - 1) / kBlock * kBlock;
}

// A tar ends with blocks of zeros. One that ends with a member was cut off there, perhaps before others.
void Walk::check_end() const {
  const auto end = static_cast<std::uint64_t>(archive_filter_bytes(reader_, 0));
  if (end_of_member_ == 0 || end > end_of_member_) return;
  throw is_damaged(path_, "the mark at the end is missing", bytes_.position());
}

std::int64_t Walk::size() const { return archive_entry_size_is_set(entry_) != 0 ? archive_entry_size(entry_) : -1; }

bool Walk::is_folder() const { return archive_entry_filetype(entry_) == AE_IFDIR; }

std::string Walk::what_else() const {
  if (archive_entry_hardlink(entry_) != nullptr || archive_entry_filetype(entry_) == AE_IFLNK) return "a link";
  return archive_entry_filetype(entry_) == AE_IFREG ? "" : "a device";
}

std::size_t Walk::read(std::span<std::uint8_t> buffer) {
  la_ssize_t got = ARCHIVE_RETRY;
  while (got == ARCHIVE_RETRY) got = archive_read_data(reader_, buffer.data(), buffer.size());
  if (got < 0) fail(false);
  return static_cast<std::size_t>(got);
}

void Walk::fail(bool at_beginning) {
  const int code = archive_errno(reader_);
  const char* const told = archive_error_string(reader_);
  const std::string found = told == nullptr ? "nothing more is known" : told;
  if (code == ECANCELED) throw cancelled();
  const std::string object = name_.empty() ? path_ : object_name(path_, name_);
  if (found == "can't be read") throw cannot_read(path_, code);
  if (speaks_of_passwords(found)) throw wants_password(object, has_password_);
  if (at_beginning && found.starts_with("Unrecognized"))
    throw begins_as_zip(path_) ? is_damaged(path_, "the directory at the end is missing", bytes_.size())
                               : is_no_archive(path_);
  throw is_damaged(object, found, bytes_.position());
}

}  // namespace weir::archive
