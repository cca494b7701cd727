#include "recipe.hpp"

#include <cmath>
#include <cstring>

namespace weir::generate {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kStride = 0x9E3779B97F4A7C15ULL;
constexpr std::uint64_t kNullKey = 0xD1B54A32D192ED03ULL;
constexpr std::int64_t kMicros = 1000000;
constexpr std::string_view kWords[] = {"amber", "basin", "cedar", "delta", "ember",  "fjord", "grove", "heath",
                                       "inlet", "jetty", "knoll", "ledge", "marsh",  "north", "ocean", "pond",
                                       "quay",  "ridge", "shore", "tide",  "upland", "vale",  "weir",  "yard"};
constexpr std::size_t kWordCount = std::size(kWords);

// Mixes all bits (the finisher of SplitMix64).
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31U);
}

// An even choice of 0 .. span - 1; span 0 means 2^64.
std::uint64_t below(std::uint64_t random, std::uint64_t span) {
  return span == 0 ? random : static_cast<std::uint64_t>((Wide{random} * span) >> 64U);
}

double unit_interval(std::uint64_t random) {
  return static_cast<double>(static_cast<std::int64_t>(random >> 11U)) * 0x1p-53;
}

Failure wrong(std::string message, std::string option) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message)).option(std::move(option));
}

bool is_number(std::int32_t kind) { return kind == WEIR_CONFIG_INTEGER || kind == WEIR_CONFIG_NUMBER; }

std::string text_at(const Config& config, const std::string& place) {
  switch (config.kind(place)) {
    case WEIR_CONFIG_INTEGER: return std::to_string(config.integer(place));
    case WEIR_CONFIG_NUMBER: {
      char text[text::kMaxDouble];
      return std::string(text, text::write_double(text, config.number(place)));
    }
    case WEIR_CONFIG_BOOLEAN: return config.boolean(place) ? "true" : "false";
    default: return std::string(config.text(place));
  }
}

}  // namespace

Recipe::Recipe(std::string_view name, Kind kind, std::uint64_t seed) : name_(name), kind_(kind), key_(mix(seed)) {
  for (const char c : name) key_ = mix(key_ ^ static_cast<unsigned char>(c)) + kStride;
  if (kind == Kind::number) format_ = "g";
  if (kind == Kind::letters || kind == Kind::words) format_ = "u";
  if (kind == Kind::timestamp) format_ = "tsu:";
  if (kind == Kind::boolean) format_ = "b";
}

Recipe Recipe::read(const Config& config, std::string_view name, const std::string& path, std::uint64_t seed) {
  const std::string_view word = config.text(path + "/kind");
  Kind kind = Kind::sequence;
  if (word == "integer") kind = Kind::integer;
  if (word == "number") kind = Kind::number;
  if (word == "text") kind = config.has(path + "/words") ? Kind::words : Kind::letters;
  if (word == "choice" || word == "constant") kind = Kind::choice;
  if (word == "timestamp") kind = Kind::timestamp;
  if (word == "boolean") kind = Kind::boolean;
  Recipe recipe(name, kind, seed);
  recipe.null_below_ = static_cast<std::uint64_t>(config.number(path + "/nulls") * 0x1p53);
  if (kind == Kind::integer || kind == Kind::number) recipe.read_bounds(config, path);
  if (kind == Kind::sequence || kind == Kind::timestamp) recipe.read_start(config, path);
  if (kind == Kind::words) recipe.length_ = config.integer(path + "/words");
  if (kind == Kind::letters && config.has(path + "/length")) recipe.length_ = config.integer(path + "/length");
  if (kind == Kind::choice) {
    std::vector<std::string> places;
    const std::string at = path + (word == "constant" ? "/value" : "/values");
    if (!config.has(at))
      throw wrong(
          "expected '" + at.substr(at.rfind('/') + 1) + "' for a column of kind " + std::string(word) + ", found none",
          path);
    if (word == "constant") places.push_back(at);
    for (std::uint64_t i = 0; word == "choice" && i < config.count(at); ++i)
      places.push_back(at + "/" + std::to_string(i));
    recipe.read_values(config, path, places);
  }
  return recipe;
}

void Recipe::read_bounds(const Config& config, const std::string& path) {
  const bool integer = kind_ == Kind::integer;
  low_ = config.has(path + "/min") ? config.number(path + "/min") : 0;
  high_ = config.has(path + "/max") ? config.number(path + "/max") : integer ? 99 : 1;
  if (low_ > high_)
    throw wrong("expected a min that is not above max, found " + text_at(config, path + "/min"), path + "/min");
  if (config.has(path + "/decimals")) unit_ = std::pow(10.0, static_cast<double>(config.integer(path + "/decimals")));
  if (!integer) return;
  for (const char* bound : {"/min", "/max"}) {
    if (config.has(path + bound) && config.kind(path + bound) != WEIR_CONFIG_INTEGER) {
      throw wrong("expected an integer, found " + text_at(config, path + bound), path + bound);
    }
  }
  first_ = config.has(path + "/min") ? config.integer(path + "/min") : 0;
  const std::int64_t last = config.has(path + "/max") ? config.integer(path + "/max") : 99;
  span_ = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first_) + 1;
}

void Recipe::read_start(const Config& config, const std::string& path) {
  const bool sequence = kind_ == Kind::sequence;
  step_ = config.has(path + "/step") ? config.integer(path + "/step") : 1;
  first_ = 1;
  const std::string place = path + "/start";
  if (sequence) {
    if (!config.has(place)) return;
    if (config.kind(place) != WEIR_CONFIG_INTEGER)
      throw wrong("expected an integer, found '" + text_at(config, place) + "'", place);
    first_ = config.integer(place);
    return;
  }
  const std::string start = config.has(place) ? text_at(config, place) : "2024-01-01T00:00:00";
  text::ReadTimestamp read;
  const bool known = text::parse_timestamp(start.data(), start.data() + start.size(), read) &&
                     text::to_unit(read, Unit::micro, first_);
  if (!known || __builtin_mul_overflow(step_, kMicros, &step_)) {
    throw wrong("expected a timestamp such as 2024-01-01T00:00:00, found '" + start + "'", place);
  }
}

void Recipe::read_values(const Config& config, const std::string& path, const std::vector<std::string>& places) {
  bool integers = true, numbers = true, booleans = true;
  for (const auto& place : places) {
    integers = integers && config.kind(place) == WEIR_CONFIG_INTEGER;
    numbers = numbers && is_number(config.kind(place));
    booleans = booleans && config.kind(place) == WEIR_CONFIG_BOOLEAN;
  }
  if (places.empty()) throw wrong("expected values to choose from, found none", path + "/values");
  format_ = integers ? "l" : numbers ? "g" : booleans ? "b" : "u";
  for (const auto& place : places) {
    if (integers)
      integers_.push_back(config.integer(place));
    else if (numbers)
      numbers_.push_back(config.number(place));
    else if (booleans)
      integers_.push_back(config.boolean(place) ? 1 : 0);
    else
      texts_.push_back(text_at(config, place));
  }
}

std::vector<Recipe> Recipe::usual(std::uint64_t seed) {
  Recipe id("id", Kind::sequence, seed), ts("ts", Kind::timestamp, seed), country("country", Kind::choice, seed);
  Recipe quantity("quantity", Kind::integer, seed), price("unit_price", Kind::number, seed),
      note("note", Kind::words, seed);
  id.first_ = quantity.first_ = 1;
  ts.first_ = 1704067200 * kMicros;  // 2024-01-01
  ts.step_ = kMicros;
  country.format_ = "u";
  country.texts_ = {"BR", "CA", "DE", "FR", "IT", "JP", "US"};
  quantity.span_ = 20;
  price.low_ = 1;
  price.high_ = 500;
  price.unit_ = 100;
  note.length_ = 3;
  note.null_below_ = static_cast<std::uint64_t>(0.25 * 0x1p53);
  return {id, ts, country, quantity, price, note};
}

Schema Recipe::field() const { return Schema::field(format_, name_, null_below_ > 0); }

std::uint64_t Recipe::random(std::uint64_t row) const { return mix(key_ + row * kStride); }

bool Recipe::is_text() const { return format_ == "u"; }

Array Recipe::make(std::uint64_t first, std::int64_t count) const {
  std::int64_t nulls = 0;
  std::vector<Buffer> buffers;
  if (is_text()) {
    buffers = make_texts(first, count);
  } else {
    buffers.resize(2);
    buffers[1] = format_ == "b" ? make_bits(first, count) : make_numbers(first, count);
  }
  buffers[0] = make_validity(first, count, nulls);
  return make_array(count, nulls, std::move(buffers));
}

Buffer Recipe::make_validity(std::uint64_t first, std::int64_t count, std::int64_t& nulls) const {
  Buffer bits;
  if (null_below_ == 0) return bits;
  const auto bytes = static_cast<std::size_t>((count + 7) / 8);
  bits.resize(bytes);
  std::memset(bits.data(), 0, bytes);
  for (std::int64_t i = 0; i < count; ++i) {
    const bool valid =
        (mix((key_ ^ kNullKey) + (first + static_cast<std::uint64_t>(i)) * kStride) >> 11U) >= null_below_;
    nulls += valid ? 0 : 1;
    bits.data()[i >> 3] = static_cast<std::uint8_t>(bits.data()[i >> 3] | (static_cast<unsigned>(valid) << (i & 7)));
  }
  return bits;
}

Buffer Recipe::make_numbers(std::uint64_t first, std::int64_t count) const {
  Buffer buffer;
  buffer.resize(static_cast<std::size_t>(count) * 8);
  auto* integers = buffer.as<std::int64_t>();
  auto* numbers = buffer.as<double>();
  const auto base = static_cast<std::uint64_t>(first_), step = static_cast<std::uint64_t>(step_);
  switch (kind_) {
    case Kind::sequence:
    case Kind::timestamp:
      for (std::int64_t i = 0; i < count; ++i)
        integers[i] = static_cast<std::int64_t>(base + (first + static_cast<std::uint64_t>(i)) * step);
      break;
    case Kind::integer:
      for (std::int64_t i = 0; i < count; ++i)
        integers[i] = static_cast<std::int64_t>(base + below(random(first + static_cast<std::uint64_t>(i)), span_));
      break;
    case Kind::number:
      for (std::int64_t i = 0; i < count; ++i) {
        const double value = low_ + (high_ - low_) * unit_interval(random(first + static_cast<std::uint64_t>(i)));
        numbers[i] = unit_ == 0 ? value : std::nearbyint(value * unit_) / unit_;
      }
      break;
    default:  // a choice
      for (std::int64_t i = 0; i < count; ++i) {
        const std::uint64_t number = random(first + static_cast<std::uint64_t>(i));
        if (numbers_.empty())
          integers[i] = integers_[below(number, integers_.size())];
        else
          numbers[i] = numbers_[below(number, numbers_.size())];
      }
  }
  return buffer;
}

Buffer Recipe::make_bits(std::uint64_t first, std::int64_t count) const {
  Buffer bits;
  const auto bytes = static_cast<std::size_t>((count + 7) / 8);
  bits.resize(bytes);
  std::memset(bits.data(), 0, bytes);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint64_t number = random(first + static_cast<std::uint64_t>(i));
    const auto bit =
        integers_.empty() ? number >> 63U : static_cast<std::uint64_t>(integers_[below(number, integers_.size())]);
    bits.data()[i >> 3] = static_cast<std::uint8_t>(bits.data()[i >> 3] | (bit << (i & 7)));
  }
  return bits;
}

std::vector<Buffer> Recipe::make_texts(std::uint64_t first, std::int64_t count) const {
  std::vector<Buffer> buffers(3);
  Buffer data;
  buffers[1].resize(static_cast<std::size_t>(count + 1) * 4);
  auto* offsets = buffers[1].as<std::int32_t>();
  const auto note_end = [&](std::int64_t row) {
    if (data.size() > static_cast<std::size_t>(INT32_MAX)) {
      throw wrong("expected at most 2 GiB of text in a batch, found more", "/batch")
          .hint("make batches smaller: batch: 1024");
    }
    offsets[row] = static_cast<std::int32_t>(data.size());
  };
  note_end(0);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint64_t number = random(first + static_cast<std::uint64_t>(i));
    if (kind_ == Kind::choice) {
      const std::string& chosen = texts_[below(number, texts_.size())];
      data.append(chosen.data(), chosen.size());
    } else if (kind_ == Kind::letters) {
      const std::size_t at = data.size();
      data.resize(at + static_cast<std::size_t>(length_));
      for (std::int64_t k = 0; k < length_; ++k) {
        data.data()[at + static_cast<std::size_t>(k)] =
            static_cast<std::uint8_t>('a' + below(mix(number + static_cast<std::uint64_t>(k)), 26));
      }
    } else {
      for (std::int64_t k = 0; k < length_; ++k) {
        const std::string_view word = kWords[below(mix(number + static_cast<std::uint64_t>(k)), kWordCount)];
        if (k > 0) data.append(" ", 1);
        data.append(word.data(), word.size());
      }
    }
    note_end(i + 1);
  }
  buffers[2] = std::move(data);
  return buffers;
}

}  // namespace weir::generate
