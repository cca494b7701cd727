#include "packages/http_get.hpp"

#include <curl/curl.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "base/units.hpp"
#include "packages/address.hpp"

namespace weir::packages {
namespace {

constexpr long kConnectMs = 15'000;
constexpr int kMostRedirects = 10;
constexpr std::uint64_t kMostUnread = 1U << 20U;

std::string environment(const char* name) {
  const char* const text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): [main]
  return text == nullptr ? "" : text;
}

bool is_transient(int status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

std::string meaning(int status) {
  switch (status) {
    case 401:
    case 403: return " (not allowed)";
    case 404:
    case 410: return " (not there)";
    case 407: return " (the proxy wants a name and a password)";
    case 429: return " (too many questions)";
    case 500:
    case 502:
    case 503:
    case 504: return " (the server is in trouble)";
    default: return "";
  }
}

std::string cure(int status) {
  if (is_transient(status)) return "try again later, or ask who serves it";
  if (status == 401 || status == 403) return "ask who serves it for a name and a password: https://NAME:PASSWORD@…";
  if (status == 407) return "say them with the proxy: http://NAME:PASSWORD@…";
  return "see that the address is right";
}

// One exchange of a question and an answer; redirects are another's.
class Exchange {
 public:
  // `body`: what is posted; null: nothing is.
  Exchange(const std::string& address, const Network& network, const HttpTaker& taker,
           const std::string* body = nullptr)
      : address_(address),
        network_(network),
        taker_(taker),
        body_(body),
        curl_(::curl_easy_init(), ::curl_easy_cleanup) {}

  CURLcode run(const std::vector<std::string>& headers) {
    curl_slist* list = nullptr;
    for (const std::string& header : headers) list = ::curl_slist_append(list, header.c_str());
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> owned(list, ::curl_slist_free_all);
    set(CURLOPT_HTTPHEADER, list);
    set_up();
    code_ = ::curl_easy_perform(curl_.get());
    // A body of no bytes has begun too.
    if (code_ == CURLE_OK && !begun_ && has_body()) begin();
    if (answer_.status == 0) read_answer();
    return code_;
  }

  const HttpAnswer& answer() const { return answer_; }
  std::optional<base::Error>& taken() { return taken_; }
  bool has_body() const { return answer_.status == kOk || answer_.status == kPartial; }
  // Where it is to be asked instead; empty: nowhere.
  std::string redirect() const {
    const char* address = nullptr;
    ::curl_easy_getinfo(curl_.get(), CURLINFO_REDIRECT_URL, &address);
    return address == nullptr ? "" : address;
  }
  std::int64_t retry_after_ns() const {
    curl_off_t seconds = 0;
    ::curl_easy_getinfo(curl_.get(), CURLINFO_RETRY_AFTER, &seconds);
    return seconds * kSecondNs;
  }
  // What a proxy said instead of a connection; 0: none did.
  int refused_by_proxy() const;
  base::Error why() const;
  bool transient() const;

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    ::curl_easy_setopt(curl_.get(), option, value);
  }

  void set_up() {
    set(CURLOPT_URL, address_.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USERAGENT, "weir");
    set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);  // bytes a second
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>((network_.silence_ns + kSecondNs - 1) / kSecondNs));
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_ERRORBUFFER, problem_.data());
    set(CURLOPT_WRITEFUNCTION, &Exchange::on_bytes);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    if (body_ != nullptr) {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_->size()));
      set(CURLOPT_POSTFIELDS, body_->data());
    }
    if (!network_.proxy.empty()) set(CURLOPT_PROXY, network_.proxy.c_str());
    authorities_ = network_.authorities.empty() ? environment("SSL_CERT_FILE") : network_.authorities;
    if (!authorities_.empty()) set(CURLOPT_CAINFO, authorities_.c_str());
    if (const std::string folder = environment("SSL_CERT_DIR"); !folder.empty()) set(CURLOPT_CAPATH, folder.c_str());
  }

  std::string header(const char* name) const {
    curl_header* found = nullptr;
    return ::curl_easy_header(curl_.get(), name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK ? found->value : "";
  }

  void read_answer() {
    long status = 0;
    curl_off_t length = -1;
    ::curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    ::curl_easy_getinfo(curl_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    answer_ = {static_cast<int>(status), header("ETag"), header("Content-Range"), length};
  }

  bool begin() {
    begun_ = true;
    if (auto begun = taker_.begin(answer_); !begun) taken_ = std::move(begun).error();
    return !taken_;
  }

  static std::size_t on_bytes(const char* bytes, std::size_t, std::size_t count, void* context) {
    Exchange& exchange = *static_cast<Exchange*>(context);
    if (exchange.answer_.status == 0) exchange.read_answer();
    exchange.got_ += count;
    if (!exchange.has_body()) return exchange.got_ <= kMostUnread ? count : 0;  // a page that says what is wrong
    if (!exchange.begun_ && !exchange.begin()) return 0;
    auto taken = exchange.taker_.take({reinterpret_cast<const std::uint8_t*>(bytes), count});
    if (!taken) exchange.taken_ = std::move(taken).error();
    return exchange.taken_ ? 0 : count;
  }

  const std::string& address_;
  const Network& network_;
  const HttpTaker& taker_;
  const std::string* body_;
  std::unique_ptr<CURL, void (*)(CURL*)> curl_;
  std::array<char, CURL_ERROR_SIZE> problem_{};
  std::string authorities_;
  CURLcode code_ = CURLE_OK;
  HttpAnswer answer_;
  std::optional<base::Error> taken_;  // the taker's error
  std::uint64_t got_ = 0;             // bytes of the body
  bool begun_ = false;
};

int Exchange::refused_by_proxy() const {
  long status = 0;
  ::curl_easy_getinfo(curl_.get(), CURLINFO_HTTP_CONNECTCODE, &status);
  return status >= 300 && answer_.status == 0 ? static_cast<int>(status) : 0;
}

bool Exchange::transient() const {
  if (refused_by_proxy() != 0) return is_transient(refused_by_proxy());
  switch (code_) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return true;
    default: return false;
  }
}

base::Error Exchange::why() const {
  const std::string place = shown_address(address_) + ": ";
  const std::string unreachable = place + "expected a server that answers, found ";
  const char* const network_hint =
      "see that the address is right, and this machine has a network; HTTPS_PROXY or --proxy names a proxy";
  if (const int status = refused_by_proxy(); status != 0)
    return download_error("download.unreachable", unreachable + "a proxy that says HTTP " + std::to_string(status),
                          status == 407 ? cure(status) : network_hint);
  double asked = 0;  // seconds until the question was sent
  ::curl_easy_getinfo(curl_.get(), CURLINFO_PRETRANSFER_TIME, &asked);
  switch (code_) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return download_error(
          "download.unreachable",
          unreachable + "no machine of the name of its " + (code_ == CURLE_COULDNT_RESOLVE_PROXY ? "proxy" : "host"),
          network_hint);
    case CURLE_COULDNT_CONNECT:
      return download_error("download.unreachable", unreachable + "none that takes a connection", network_hint);
    case CURLE_OPERATION_TIMEDOUT:
      if (asked <= 0)
        return download_error("download.unreachable", unreachable + "none that takes a connection in time",
                              network_hint);
      return download_error("download.silent",
                            place + "expected bytes, found none for " + base::format_duration_ns(network_.silence_ns),
                            "try again later: what is there is kept; --timeout waits longer");
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return download_error(
          "download.cut",
          place + "expected all of it, found the connection cut after " + std::to_string(got_) + " bytes",
          "try again: what is there is kept, and gone on with if the server can do that");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CONNECT_ERROR:
      return download_error(
          "download.certificate", place + "expected a certificate that is believed, found: " + problem_.data(),
          "if it is an authority of your own: --ca FILE, SSL_CERT_FILE, or network: { ca: FILE } of a manifest");
    default:
      return download_error("download.failed", place + "expected an answer, found: " + ::curl_easy_strerror(code_),
                            "see that it is a web server, and the address is right");
  }
}

base::Error status_error(const std::string& address, const HttpEnd& end) {
  const int status = end.answer.status;
  std::string found = "HTTP " + std::to_string(status) + meaning(status);
  if (end.retry_after_ns > 0) found += ", to be asked again in " + base::format_duration_ns(end.retry_after_ns);
  return download_error("download.status", shown_address(address) + ": expected a file, found " + found, cure(status));
}

base::Error redirect_error(const std::string& address, const std::string& found) {
  return download_error("download.redirect", shown_address(address) + ": expected an answer, found " + found,
                        "ask who serves it: weir follows redirects to https alone, or from http to http");
}

bool is_good(int status) {
  return status == kOk || status == kPartial || status == kNotModified || status == kRangeNotSatisfiable;
}

}  // namespace

base::Error download_error(const char* code, std::string message, std::string hint) {
  return base::make_error(base::Status::unavailable, base::Fault::missing, code, std::move(message))
      .with_hint(std::move(hint));
}

HttpEnd http_get(const std::string& address, const std::vector<std::string>& headers, const Network& network,
                 const HttpTaker& taker) {
  std::string at = address;
  for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
    Exchange exchange(at, network, taker);
    const CURLcode code = exchange.run(headers);
    HttpEnd end{exchange.answer(), std::move(exchange.taken()), false, exchange.retry_after_ns()};
    if (end.error) return end;
    const std::string next = exchange.redirect();
    if (next.empty()) {
      const bool answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && !exchange.has_body());
      if (!answered) {
        end.error = exchange.why();
        end.transient = exchange.transient();
      } else if (!is_good(end.answer.status)) {
        end.error = status_error(at, end);
        end.transient = is_transient(end.answer.status);
      }
      return end;
    }
    if (!is_address(next) || (is_secure(at) && !is_secure(next))) {
      end.error = redirect_error(at, "a redirect to " + shown_address(next));
      return end;
    }
    at = next;
  }
  HttpEnd end;
  end.error = redirect_error(address, "more than " + std::to_string(kMostRedirects) + " redirects");
  return end;
}

HttpEnd http_post(const std::string& address, const std::vector<std::string>& headers, const std::string& body,
                  const Network& network) {
  const HttpTaker passes_over{[](const HttpAnswer&) { return base::Result<void>(); },
                              [](std::span<const std::uint8_t>) { return base::Result<void>(); }};
  Exchange exchange(address, network, passes_over, &body);
  const CURLcode code = exchange.run(headers);
  HttpEnd end{exchange.answer(), std::nullopt, false, exchange.retry_after_ns()};
  const int status = end.answer.status;
  if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && status != 0)) {
    end.error = exchange.why();
    end.transient = exchange.transient();
  } else if (status < kOk || status >= 300) {
    end.error = download_error(
        "download.status",
        shown_address(address) + ": expected that it is taken, found HTTP " + std::to_string(status) + meaning(status),
        cure(status));
    end.transient = is_transient(status);
  }
  return end;
}

}  // namespace weir::packages
