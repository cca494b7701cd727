// Failure: how code behind the wrapper reports an error. It is thrown inside the plugin and becomes weir_status and
// weir_error at the edge; nothing is ever thrown across the ABI.
#pragma once

#include <cstdint>
#include <new>
#include <string>
#include <utility>

#include "../weir.h"

namespace weir {

// An error of the plugin, thrown as `throw Failure(WEIR_NOT_FOUND, WEIR_FAULT_SOURCE, "no such table 'x'")`, with
// particulars added in place: `throw Failure(...).hint("...").column("price").row(17)`. What the texts should hold
// stands with weir_error.
class Failure {
 public:
  Failure(weir_status status, std::int32_t fault, std::string message)
      : status_(status), fault_(fault), message_(std::move(message)) {}

  // The cure; the object (a file, a table), the column, the row of the batch in hand, the byte of the input, the system's own
  // code. Each gives the Failure back, to be thrown.
  Failure&& hint(std::string text) && {
    hint_ = std::move(text);
    return std::move(*this);
  }
  Failure&& object(std::string name) && {
    object_ = std::move(name);
    return std::move(*this);
  }
  Failure&& column(std::string name) && {
    column_ = std::move(name);
    return std::move(*this);
  }
  Failure&& row(std::int64_t row) && {
    row_ = row;
    return std::move(*this);
  }
  Failure&& offset(std::int64_t offset) && {
    offset_ = offset;
    return std::move(*this);
  }
  Failure&& native(std::int64_t code) && {
    native_code_ = code;
    return std::move(*this);
  }
  // The option of the config at fault, as a JSON pointer ("/where"), the byte in its text (-1: all of it), and how many
  // bytes from there are meant (0: not known).
  Failure&& option(std::string pointer, std::int64_t offset = -1, std::int64_t length = 0) && {
    option_ = std::move(pointer);
    offset_ = offset;
    length_ = length;
    return std::move(*this);
  }

  // Puts `prefix` before the option, if one is named.
  Failure&& within(const std::string& prefix) && {
    if (!option_.empty()) option_ = prefix + option_;
    return std::move(*this);
  }

  weir_status status() const { return status_; }
  const std::string& message() const { return message_; }

  // Copies everything into the caller's struct; gives the status.
  weir_status fill(weir_error* error) const noexcept {
    if (error == nullptr) return status_;
    error->fault = fault_;
    error->native_code = native_code_;
    error->row = row_;
    error->offset = offset_;
    copy(message_, error->message, sizeof error->message);
    copy(hint_, error->hint, sizeof error->hint);
    copy(object_, error->object, sizeof error->object);
    copy(column_, error->column, sizeof error->column);
    copy(option_, error->option, sizeof error->option);
    if (WEIR_HAS(error, length)) error->length = length_;
    return status_;
  }

 private:
  static void copy(const std::string& text, char* to, std::size_t capacity) noexcept {
    std::size_t length = text.size() < capacity ? text.size() : capacity - 1;
    // A text that is too long is cut at a whole UTF-8 character.
    while (length < text.size() && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
    for (std::size_t i = 0; i < length; ++i) to[i] = text[i];
    to[length] = 0;
  }

  weir_status status_;
  std::int32_t fault_;
  std::int64_t native_code_ = 0;
  std::int64_t row_ = WEIR_NO_ROW;
  std::int64_t offset_ = -1, length_ = 0;
  std::string message_, hint_, object_, column_, option_;
};

// The host said stop (push, select, reject, drop, a sink did not return OK): carried to the edge unchanged.
struct Stop {
  weir_status status;
};

// Passes OK, throws Stop for anything else: for calls into the host without an error struct.
inline void check(weir_status status) {
  if (status != WEIR_OK) throw Stop{status};
}

// Runs `body` and turns what it throws into a status and `error` (may be null): the edge of every function that the host calls.
template <class Body>
weir_status at_edge(weir_error* error, Body&& body) noexcept {
  try {
    body();
    return WEIR_OK;
  } catch (const Stop& stop) {
    return stop.status;
  } catch (const Failure& failure) {
    return failure.fill(error);
  } catch (const std::bad_alloc&) {
    return Failure(WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory").fill(error);
  } catch (const std::exception& problem) {
    return Failure(WEIR_INTERNAL, WEIR_FAULT_PLUGIN, problem.what()).fill(error);
  } catch (...) {
    return Failure(WEIR_INTERNAL, WEIR_FAULT_PLUGIN, "an unknown exception").fill(error);
  }
}

}  // namespace weir
