// One question to an HTTP server, by libcurl: GET, with redirects that never leave https; or POST.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace weir::packages {

inline constexpr int kOk = 200, kPartial = 206, kNotModified = 304, kRangeNotSatisfiable = 416;
inline constexpr std::int64_t kSecondNs = 1'000'000'000;

// How servers are reached.
struct Network {
  std::string proxy;        // "http://proxy.example:3128"; empty: as HTTPS_PROXY, ALL_PROXY and NO_PROXY say
  std::string authorities;  // a file of certificates that are believed; empty: SSL_CERT_FILE, else the system's
  std::int64_t silence_ns = 30'000'000'000;  // how long no byte may come
};

// What stands before a body.
struct HttpAnswer {
  int status = 0;
  std::string etag;          // empty: none
  std::string range;         // Content-Range
  std::int64_t length = -1;  // of the body; -1: it does not say
};

// Gets what is answered with 200 or 206: first what stands before the body, then its bytes. An error ends it.
struct HttpTaker {
  std::function<base::Result<void>(const HttpAnswer&)> begin;
  std::function<base::Result<void>(std::span<const std::uint8_t>)> take;
};

struct HttpEnd {
  HttpAnswer answer;
  std::optional<base::Error> error;  // none: status 200, 206, 304 or 416, and the whole body was taken
  bool transient = false;            // of the error: the same question may be answered later
  std::int64_t retry_after_ns = 0;   // as the server asked for
};

// `headers`: whole lines, "Range: bytes=10-". Reads the environment: [main]. Blocks. Errors of `end.error`: download.unreachable,
// download.silent, download.cut, download.certificate, download.status, download.redirect, download.failed, and those of the taker.
HttpEnd http_get(const std::string& address, const std::vector<std::string>& headers, const Network& network,
                 const HttpTaker& taker);

// Posts a body; what is answered is passed over. Good is a status of 200 to 299; redirects are none. Errors: as http_get().
HttpEnd http_post(const std::string& address, const std::vector<std::string>& headers, const std::string& body,
                  const Network& network);

// An error of what is downloaded, as all of them are: one of a plugin that is missing.
base::Error download_error(const char* code, std::string message, std::string hint);

}  // namespace weir::packages
