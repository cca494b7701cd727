// Digests of texts.
#define XXH_INLINE_ALL
#include <openssl/evp.h>
#include <xxhash.h>

#include <memory>

#include "call.hpp"
#include "function.hpp"
#include "texts.hpp"

namespace weir::expr {
namespace {

constexpr std::size_t kLongestDigest = 32;

// One digest after the other, in one context. Threads: one caller at a time.
class Digest {
 public:
  explicit Digest(const EVP_MD* kind) : kind_(kind), context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {}

  // In small hexadecimal digits; false if the library refuses.
  bool operator()(View text, View& result, Frame& frame) const {
    unsigned char bytes[kLongestDigest];
    unsigned size = 0;
    const bool fine = context_ != nullptr && EVP_DigestInit_ex(context_.get(), kind_, nullptr) == 1 &&
                      EVP_DigestUpdate(context_.get(), text.data(), text.size()) == 1 &&
                      EVP_DigestFinal_ex(context_.get(), bytes, &size) == 1;
    if (!fine) return false;
    Pen pen(frame, 2 * std::size_t{size});
    for (unsigned i = 0; i < size; ++i) {
      pen.put("0123456789abcdef"[bytes[i] >> 4U]);
      pen.put("0123456789abcdef"[bytes[i] & 15U]);
    }
    result = pen.done();
    return true;
  }

 private:
  const EVP_MD* kind_;
  std::shared_ptr<EVP_MD_CTX> context_;
};

template <const EVP_MD* (*kKind)()>
OperationPointer make_digest(Call& call) {
  return rowwise<View, View>(kText, call.text(0), call.fault("no digest"), Digest(kKind()));
}

OperationPointer make_xxh64(Call& call) {
  return rowwise<View, Word>(kInteger, call.text(0), {}, [](View text, Word& result, Frame&) {
    result = static_cast<Word>(XXH64(text.data(), text.size(), 0));
    return true;
  });
}

}  // namespace

std::span<const Function> hash_functions() {
  static const std::vector<Function> kFunctions = {
      {"md5",
       "text",
       "The MD5 digest of its bytes, in hexadecimal digits. It is no secret: short texts are found by trying.",
       {{"md5('abc')", "'900150983cd24fb0d6963f7d28e17f72'"}},
       make_digest<EVP_md5>},
      {"sha1",
       "text",
       "The SHA-1 digest.",
       {{"sha1('abc')", "'a9993e364706816aba3e25717850c26c9cd0d89d'"}},
       make_digest<EVP_sha1>},
      {"sha256",
       "text",
       "The SHA-256 digest.",
       {{"sha256('abc')", "'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'"}},
       make_digest<EVP_sha256>},
      {"xxh64",
       "text",
       "The XXH64 hash of its bytes, a fast int64 to spread rows by: xxh64(id) % 8.",
       {{"xxh64('abc')", "4952883123889572249"}},
       make_xxh64}};
  return kFunctions;
}

}  // namespace weir::expr
