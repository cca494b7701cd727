#include "packages/download.hpp"

#include <unistd.h>

#include <utility>

#include "packages/address.hpp"
#include "packages/part_file.hpp"
#include "packages/with_retries.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxEtag = 1024;

// An ETag that stands for the very bytes; a weak one ("W/…") only for what they mean.
std::string strong(const std::string& etag) {
  return etag.starts_with('"') && etag.size() <= kMaxEtag ? etag : std::string();
}

base::Error too_long(const std::string& address, std::uint64_t most) {
  return download_error("download.too_long",
                        shown_address(address) + ": expected at most " + std::to_string(most) + " bytes, found more",
                        "it is not what its index names, or no plugin: ask who serves it");
}

// Reads "bytes 100-199/200".
struct ContentRange {
  std::uint64_t first = 0, all = 0;
  static bool read(const std::string& text, ContentRange& range) {
    unsigned long long first = 0, last = 0, all = 0;
    const bool is_one = std::sscanf(text.c_str(), "bytes %llu-%llu/%llu", &first, &last, &all) == 3;
    range = {first, all};
    return is_one && last + 1 == all;
  }
};

// One file on its way.
class Taking {
 public:
  Taking(const DownloadRequest& request, const Network& network, const DownloadProgress& progress, PartFile& part)
      : request_(request), network_(network), progress_(progress), part_(part) {}

  HttpEnd ask() {
    std::vector<std::string> headers;
    asked_from_ = part_.etag().empty() ? 0 : part_.size();
    if (asked_from_ > 0) headers = {"Range: bytes=" + std::to_string(asked_from_) + "-", "If-Range: " + part_.etag()};
    const HttpTaker taker{[this](const HttpAnswer& answer) { return begin(answer); },
                          [this](std::span<const std::uint8_t> bytes) { return take(bytes); }};
    HttpEnd end = http_get(request_.address, headers, network_, taker);
    if (foreign_ || (!end.error && end.answer.status == kRangeNotSatisfiable)) return anew(std::move(end));
    if (!end.error && all_ > 0 && part_.size() != all_) {
      end.error = cut();
      end.transient = true;
    }
    return end;
  }

 private:
  // A server that goes on with something else, or not at all, is asked for the whole: once, for then nothing is gone on with.
  HttpEnd anew(HttpEnd end) {
    const bool again = asked_from_ > 0;
    foreign_ = false;
    if (auto restarted = part_.restart({}); !restarted) {
      end.error = std::move(restarted).error();
      return end;
    }
    if (again) return ask();
    end.error = wrong_part();
    return end;
  }

  base::Error wrong_part() const {
    return download_error("download.status",
                          shown_address(request_.address) + ": expected the whole file, found a part of it",
                          "ask who serves it: it answers what was not asked");
  }
  base::Error cut() const {
    return download_error("download.cut",
                          shown_address(request_.address) + ": expected " + std::to_string(all_) + " bytes, found " +
                              std::to_string(part_.size()),
                          "try again: what is there is kept");
  }

  base::Result<void> begin(const HttpAnswer& answer) {
    ContentRange range;
    if (answer.status == kPartial) {
      foreign_ = asked_from_ == 0 || !ContentRange::read(answer.range, range) || range.first != asked_from_ ||
                 strong(answer.etag) != part_.etag();
      if (foreign_) return base::unexpected(wrong_part());
      all_ = range.all;
    } else {
      all_ = answer.length > 0 ? static_cast<std::uint64_t>(answer.length) : 0;
      WEIR_TRY(part_.restart(strong(answer.etag)));
    }
    if (all_ > request_.most) return base::unexpected(too_long(request_.address, request_.most));
    return {};
  }

  base::Result<void> take(std::span<const std::uint8_t> bytes) {
    if (part_.size() + bytes.size() > request_.most) {
      WEIR_TRY(part_.restart({}));
      return base::unexpected(too_long(request_.address, request_.most));
    }
    WEIR_TRY(part_.append(bytes));
    if (progress_.moved) progress_.moved(part_.size(), all_);
    return {};
  }

  const DownloadRequest& request_;
  const Network& network_;
  const DownloadProgress& progress_;
  PartFile& part_;
  std::uint64_t asked_from_ = 0, all_ = 0;  // all_: bytes of the whole; 0: not known
  bool foreign_ = false;                    // what is sent is not what is asked for
};

}  // namespace

Download::Download(Download&& other) noexcept : file_(std::move(other.file_)), lock_(std::exchange(other.lock_, -1)) {}

Download::~Download() {
  if (lock_ < 0) return;
  ::unlink(file_.c_str());
  ::close(lock_);
}

base::Result<Download> download(const DownloadRequest& request, const Network& network,
                                const DownloadProgress& progress) {
  WEIR_TRY(check_address(request.address));
  WEIR_TRY_ASSIGN(PartFile part, PartFile::open(request.file, progress.waiting));
  Taking taking(request, network, progress, part);
  HttpEnd end = with_retries([&taking] { return taking.ask(); }, [&part] { return part.size(); });
  if (end.error) return base::unexpected(std::move(*end.error));
  return Download(request.file, part.finish());
}

base::Result<Document> fetch_document(const std::string& address, std::size_t most, const std::string& etag,
                                      const Network& network) {
  WEIR_TRY(check_address(address));
  Document document;
  const HttpTaker taker{[&document](const HttpAnswer&) -> base::Result<void> {
                          document.text.clear();
                          return {};
                        },
                        [&](std::span<const std::uint8_t> bytes) -> base::Result<void> {
                          if (document.text.size() + bytes.size() > most)
                            return base::unexpected(too_long(address, most));
                          document.text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                          return {};
                        }};
  std::vector<std::string> headers{"Cache-Control: no-cache"};
  if (!etag.empty()) headers.push_back("If-None-Match: " + etag);
  HttpEnd end = with_retries([&] { return http_get(address, headers, network, taker); }, [] { return 0U; });
  if (end.error) return base::unexpected(std::move(*end.error));
  document.unchanged = end.answer.status == kNotModified && !etag.empty();
  document.etag = end.answer.etag.size() <= kMaxEtag ? end.answer.etag : std::string();
  if (end.answer.status == kOk || document.unchanged) return document;
  return base::unexpected(download_error("download.status",
                                         shown_address(address) + ": expected the whole file, found a part of it",
                                         "ask who serves it: it answers what was not asked"));
}

}  // namespace weir::packages
