// Records into batches, in one pass: each value goes from the text straight into the builder of its column. Keys are
// expected in the order of the columns; then finding a column costs one comparison.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "field_builder.hpp"
#include "layout.hpp"
#include "tokens.hpp"

namespace weir::json {

// Parses one piece. A record with a value that does not fit is rejected, and so is, in lines, a record that is no JSON;
// in other layouts a Failure is thrown for that.
class RecordParser : public Tokens {
 public:
  // `rows` is the field of the whole record, and stays. Offsets count from `base`.
  RecordParser(std::string_view bytes, Layout layout, const Field& rows, std::int64_t base, const Next& next);

  void parse();

 private:
  // A value that is none of its field's type, or a key that no field has.
  struct Misfit {
    const Field* field;  // of a key: the object's
    const char* at;
    const char* end;
    const char* reason;
    bool key;
  };

  void lines();
  void spread();
  void array();
  const char* record(const char* at);
  const char* finish_line(const char* start, const char* at);
  void finish_record(const char* start, const char* end);
  void push();
  void reject_line(const char* start, const char* end);
  void reject_misfit(const char* start, const char* end);
  [[noreturn]] void refuse(const char* at, std::string_view expected);
  [[noreturn]] void refuse() const;

  void end_of_array(const char* at);

  // Each reads a value that begins at `at` and is `depth` deep, and gives where it ends; null: it is no JSON.
  const char* object(FieldBuilder& to, const char* at, int depth);
  const char* key(const Keys& keys, const char* at, std::int64_t& number);
  const char* skipped(const Field& object, const char* at, int depth, bool unknown);
  const char* end_of_object(FieldBuilder& to, const char* at, std::size_t seen);
  void forget(FieldBuilder& child, std::int64_t rows, const char* object);
  const char* value_of(FieldBuilder& to, const char* at, int depth);
  const char* list(FieldBuilder& to, const char* at, int depth);
  const char* text(FieldBuilder& to, const char* at, int depth);
  const char* boolean(FieldBuilder& to, const char* at, int depth);
  const char* integer(FieldBuilder& to, const char* at, int depth);
  const char* real(FieldBuilder& to, const char* at, int depth);
  const char* spelled(FieldBuilder& to, const char* at, int depth, const char* otherwise);
  const char* misfit(FieldBuilder& to, const char* at, int depth, const char* reason);
  const char* misfit_at(FieldBuilder& to, const char* at, const char* end, const char* reason);
  bool starts_number(const char* at) const {
    return at != end_ && (*at == '-' || static_cast<unsigned char>(*at - '0') < 10);
  }

  Layout layout_;
  FieldBuilder rows_;
  std::int64_t base_;
  const Next& next_;
  Buffer origins_;
  Buffer scratch_;
  std::vector<Misfit> misfits_;  // of the record in hand
  std::string_view key_;         // the key that was read last, as it stands
};

}  // namespace weir::json
