#include "packages/address.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>

namespace weir::packages {
namespace {

// libcurl's reading of an address: what is shown is what would be asked.
class Parsed {
 public:
  explicit Parsed(const std::string& address) : url_(::curl_url(), ::curl_url_cleanup) {
    works_ = url_ && ::curl_url_set(url_.get(), CURLUPART_URL, address.c_str(), 0) == CURLUE_OK;
  }
  bool works() const { return works_; }
  void clear(CURLUPart part) { ::curl_url_set(url_.get(), part, nullptr, 0); }
  // Empty: it has none.
  std::string text(CURLUPart part, unsigned flags = 0) const {
    char* text = nullptr;
    if (!works_ || ::curl_url_get(url_.get(), part, &text, flags) != CURLUE_OK) return {};
    const std::unique_ptr<char, void (*)(void*)> owned(text, ::curl_free);
    return owned.get();
  }

 private:
  std::unique_ptr<CURLU, void (*)(CURLU*)> url_;
  bool works_ = false;
};

bool begins_with(std::string_view text, std::string_view scheme) {
  return text.size() > scheme.size() && std::equal(scheme.begin(), scheme.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + ('a' - 'A')) : b);
         });
}

}  // namespace

bool is_secure(std::string_view address) { return begins_with(address, "https://"); }

bool is_address(std::string_view text) { return begins_with(text, "http://") || is_secure(text); }

std::string shown_address(const std::string& address) {
  Parsed parsed(address);
  if (!parsed.works()) return address.substr(0, address.find("://")) + "://…";  // a password may be anywhere in it
  const bool asks = !parsed.text(CURLUPART_QUERY).empty();
  for (const CURLUPart part :
       std::array{CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_QUERY, CURLUPART_FRAGMENT})
    parsed.clear(part);
  std::string shown = parsed.text(CURLUPART_URL);
  if (shown.ends_with('/') && !asks && !address.ends_with('/')) shown.pop_back();  // libcurl's, of a host alone
  return shown + (asks ? "?…" : "");
}

std::string password_of(const std::string& address) {
  const Parsed parsed(address.find("://") == address.npos ? "http://" + address : address);
  return parsed.text(CURLUPART_PASSWORD, CURLU_URLDECODE);
}

base::Error wrong_address(const std::string& address) {
  return base::make_error(
             base::Status::invalid_argument, base::Fault::manifest, "download.address",
             "expected an address such as https://plugins.example/packages, found '" + shown_address(address) + "'")
      .with_hint("a sign that means something in addresses is written as %40 (@), %3A (:), %2F (/), %3F (?)");
}

base::Result<void> check_address(const std::string& address) {
  const Parsed parsed(address);
  if (is_address(address) && !parsed.text(CURLUPART_HOST).empty()) return {};
  return base::unexpected(wrong_address(address));
}

}  // namespace weir::packages
