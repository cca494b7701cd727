// Downloads: what a server has, into a file or a text. Questions that a server could not answer are asked again, with the host's
// back-off.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "packages/http_get.hpp"
#include "packages/waiting_lock.hpp"

namespace weir::packages {

struct DownloadRequest {
  std::string address;
  std::filesystem::path file;  // where it goes; FILE.etag says what it is of until it is whole
  std::uint64_t most = 0;      // bytes: what is longer is refused before it is written
};

// What is told of a download while it goes on; what is empty, is not.
struct DownloadProgress {
  std::function<void(std::uint64_t here, std::uint64_t all)> moved;  // bytes; all is 0 if the server does not say
  WhenWaiting waiting;                                               // another process downloads the same
};

// A file that is whole. It goes when the object goes, and until then other processes that want the same file wait.
class Download {
 public:
  Download(std::filesystem::path file, int lock) : file_(std::move(file)), lock_(lock) {}
  Download(Download&& other) noexcept;
  Download& operator=(Download&& other) = delete;
  ~Download();

  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
  int lock_;
};

// Downloads a file; its folder must be there. A half that an earlier try has left is gone on with if the server says by a strong ETag
// that it has the same object still; else it begins anew. Errors: those of http_get(); download.too_long, download.disk (then no
// half is left). Threads: one caller at a time; other processes wait. Blocks.
base::Result<Download> download(const DownloadRequest& request, const Network& network,
                                const DownloadProgress& progress);

// A small document.
struct Document {
  std::string text;
  std::string etag;
  bool unchanged = false;  // since the ETag that was given: there is no text
};

// `etag`: of the one at hand; empty: there is none. Errors: those of http_get(), download.too_long.
base::Result<Document> fetch_document(const std::string& address, std::size_t most, const std::string& etag,
                                      const Network& network);

}  // namespace weir::packages
