// Encodings other than UTF-8, by iconv: what is read is decoded in front of the reader (weir.decoder/1), what is written is
// encoded behind the encoder.
#pragma once

#include <iconv.h>

#include <string>
#include <string_view>

#include <weir/ext/decoder.h>
#include <weir/weir.hpp>

namespace weir::csv {

// From one encoding to another. Threads: one call at a time.
class Converter {
 public:
  // Throws a Failure of the option /encoding for a name that is none. `from` and `to` are names of iconv's.
  Converter(const std::string& to, const std::string& from);
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() { iconv_close(handle_); }

  enum class End { all, cut, wrong };
  // Appends what `text` is in the other encoding; `taken`: how far it got. cut: it ends within a character.
  End convert(std::string_view text, std::string& to, std::size_t& taken);
  // What the encoding puts in front of every text: the mark of UTF-32, an escape sequence of ISO-2022-KR; mostly nothing.
  // Called first; what is converted after it comes without.
  std::string head();

 private:
  iconv_t handle_;
};

// The name that the option `encoding` gives; "auto" if it gives none. iconv_name(): the same to iconv.
std::string encoding_of(const Config& config);
std::string iconv_name(const std::string& encoding);

// Which line breaks stand within quotes, as far as options alone tell it.
struct Quoting {
  explicit Quoting(const Config& config);
  // Whether a quote behind the byte is the first of a field.
  bool opens_behind(char byte) const;

  char quote, escape;  // 0: none
  char delimiter;
  bool trim;
};

// Whether an input that begins so goes through a Decoder: in another encoding, or with lines that end with CR alone.
bool needs_decoder(const Config& config, std::string_view head);

// Text of the option's encoding as UTF-8, lines that end with CR alone as lines that end with LF. Throws a Failure of the
// data for bytes that are not in the encoding.
class Decoder final : public Codec {
 public:
  Decoder(const Context& context, bool compress);
  static std::int32_t sniff(const weir_sniff& /*object*/) { return 0; }
  Step step(std::string_view in, bool last, std::span<std::uint8_t> out) override;

 private:
  void convert(bool last);
  void decode(bool last);

  Quoting quoting_;
  std::string encoding_;
  std::unique_ptr<Converter> converter_;  // null: it is UTF-8 already, or the first bytes were not seen yet
  std::string in_, out_;                  // not converted yet; not handed out yet, from at_ on
  std::size_t at_ = 0;
  std::uint64_t taken_ = 0;  // bytes of the input that are converted
  bool begun_ = false, only_cr_ = false;
  bool behind_carriage_ = false;  // of lines that end with CR alone: the last byte was one
};

// The format's table of weir.decoder/1.
extern const weir_decoder kDecoder;

}  // namespace weir::csv
