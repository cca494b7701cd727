// The lexer: a table of what each kind of byte does in each place, walked for boundaries, and for rewriting.
#include "dialect.hpp"

#include <algorithm>

namespace weir::csv {

const Rewritten::Record& Rewritten::record_at(std::uint32_t plain) const {
  const auto after = std::upper_bound(records.begin(), records.end(), plain,
                                      [](std::uint32_t at, const Record& record) { return at < record.plain; });
  return *(after - 1);
}

Lexer::Lexer(const Dialect& dialect) : dialect_(dialect) {
  fill_classes();
  fill_steps();
}

void Lexer::fill_classes() {
  const auto set = [this](char byte, Class kind) { classes_[static_cast<unsigned char>(byte)] = kind; };
  set(Marks{}.delimiter, mark);
  set(Marks{}.quote, mark);
  if (dialect_.trim) {
    set(' ', blank);
    set('\t', blank);
  }
  set('\n', newline);
  set('\r', carriage);
  set(dialect_.marks.quote, quote);
  if (dialect_.comment != 0) set(dialect_.comment, comment);
  if (dialect_.escape != 0) set(dialect_.escape, escape);
  set(dialect_.marks.delimiter, delimiter);
}

void Lexer::fill_steps() {
  const auto all = [this](Where where, Step step) { steps_[where].fill(step); };
  for (const Where where : {start, field_start, plain_text}) {
    all(where, {plain_text, Act::text});
    steps_[where][delimiter] = {field_start, Act::end_field};
    steps_[where][newline] = {start, Act::end_record};
    steps_[where][escape] = {escaped, Act::skip};
    if (where == plain_text) continue;
    steps_[where][quote] = {quoted, Act::open};
    steps_[where][blank] = {field_start, Act::skip};
  }
  steps_[start][comment] = {in_comment, Act::skip};
  all(escaped, {plain_text, Act::text});
  all(quoted, {quoted, Act::text});
  steps_[quoted][quote] = {closed, Act::skip};
  steps_[quoted][escape] = {quoted_escaped, Act::skip};
  all(quoted_escaped, {quoted, Act::text});
  for (const Where where : {closed, behind_closed, closed_carriage}) {
    all(where, {plain_text, Act::wrong});
    steps_[where][delimiter] = {field_start, Act::end_field};
    steps_[where][newline] = {start, Act::end_record};
    steps_[where][blank] = {behind_closed, Act::skip};
    steps_[where][carriage] = {closed_carriage, Act::skip};
  }
  steps_[closed][quote] = {quoted, Act::text};
  steps_[closed_carriage][delimiter] = steps_[closed_carriage][blank] =
      steps_[closed_carriage][carriage] = {plain_text, Act::wrong};
  all(in_comment, {in_comment, Act::skip});
  steps_[in_comment][newline] = {start, Act::skip};
}

std::size_t Lexer::last_record_end(std::string_view bytes, std::uint64_t& state) const {
  if (plain()) {
    auto where = static_cast<State>(state);
    const std::size_t end = csv::last_record_end(bytes, dialect_.marks, where);
    state = static_cast<std::uint64_t>(where);
    return end;
  }
  std::size_t last = 0;
  auto where = static_cast<Where>(state);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    // Most bytes mean nothing, and are passed over without a step: each step waits for the one before.
    if (where == plain_text || where == quoted) {
      while (i < bytes.size() && classes_[static_cast<unsigned char>(bytes[i])] == other) ++i;
      if (i == bytes.size()) break;
    }
    where = steps_[where][classes_[static_cast<unsigned char>(bytes[i])]].next;
    if (where == start) last = i + 1;
  }
  state = where;
  return last;
}

std::size_t Lexer::field_begin(std::string_view record, std::size_t field) const {
  Where where = start;
  for (std::size_t i = 0; i < record.size() && field > 0; ++i) {
    const Step step = steps_[where][classes_[static_cast<unsigned char>(record[i])]];
    where = step.next;
    if (step.act == Act::end_field && --field == 0) return i + 1;
  }
  return 0;
}

// Writes the fields of records, one after the other, behind what is rewritten already.
class Rewriter {
 public:
  Rewriter(const Lexer& lexer, const std::vector<std::string>& nulls, std::size_t width, Rewritten& to)
      : lexer_(lexer), nulls_(nulls), width_(width), to_(to), text_(to.text) {}

  void run(std::string_view bytes) {
    bytes_ = bytes;
    begin_record(0);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const Lexer::Class kind = kind_of(i);
      if (kind == Lexer::other && (where_ == Lexer::plain_text || where_ == Lexer::quoted)) {
        const std::size_t from = i;
        while (i + 1 < bytes.size() && kind_of(i + 1) == Lexer::other) ++i;
        text_.append(bytes, from, i + 1 - from);
        continue;
      }
      const Lexer::Step step = lexer_.steps_[where_][kind];
      act(step, i);
      where_ = step.next;
    }
    end(bytes.size());
  }

 private:
  Lexer::Class kind_of(std::size_t i) const { return lexer_.classes_[static_cast<unsigned char>(bytes_[i])]; }

  void act(const Lexer::Step& step, std::size_t i) {
    switch (step.act) {
      case Lexer::Act::text: return put(bytes_[i]);
      case Lexer::Act::open:
        quoted_ = true;
        text_ += '"';
        return;
      case Lexer::Act::end_field: return end_field(i, false);
      case Lexer::Act::end_record: end_record(i); return begin_record(i + 1);
      case Lexer::Act::wrong: to_.behind = std::min(to_.behind, i); return put(bytes_[i]);
      case Lexer::Act::skip:
        escaped_ = escaped_ || kind_of(i) == Lexer::escape;
        if (where_ == Lexer::in_comment && step.next == Lexer::start) begin_record(i + 1);
    }
  }

  void put(char byte) {
    if (quoted_ && byte == '"') text_ += '"';
    special_ = special_ || byte == ',' || byte == '"' || byte == '\n' || byte == '\r';
    text_ += byte;
    if (where_ == Lexer::escaped) keep_ = text_.size();
  }

  void begin_record(std::size_t i) {
    record_ = {static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(i), 0};
    fields_ = 0;
    begin_field(i);
  }

  void begin_field(std::size_t i) {
    quoted_ = special_ = escaped_ = false;
    begin_ = keep_ = text_.size();
    from_ = i;
  }

  void end_field(std::size_t i, bool last) {
    if (quoted_)
      text_ += '"';
    else
      end_unquoted(bytes_.substr(from_, i - from_), last);
    ++fields_;
    if (last) return;
    text_ += ',';
    begin_field(i + 1);
  }

  void end_unquoted(std::string_view field, bool last) {
    if (last && field.ends_with('\r') && text_.size() > keep_) {
      text_.pop_back();
      field.remove_suffix(1);
    }
    while (lexer_.dialect_.trim && text_.size() > keep_ && (text_.back() == ' ' || text_.back() == '\t'))
      text_.pop_back();
    if (escaped_ && std::find(nulls_.begin(), nulls_.end(), field) != nulls_.end()) text_.resize(begin_);
    if (!special_ || text_.find_first_of(",\"\n\r", begin_) == std::string::npos) return;
    std::string quoted = "\"";
    for (std::size_t at = begin_; at < text_.size(); ++at) quoted.append(text_[at] == '"' ? 2 : 1, text_[at]);
    text_.replace(begin_, std::string::npos, quoted + '"');
  }

  void end_record(std::size_t i) {
    end_field(i, true);
    const bool blank = fields_ == 1 && text_.size() == record_.plain;
    if (!blank && fields_ < width_) text_.append(width_ - fields_, ',');
    text_ += '\n';
    record_.end = static_cast<std::uint32_t>(i);
    to_.records.push_back(record_);
  }

  void end(std::size_t i) {
    if (where_ == Lexer::quoted || where_ == Lexer::quoted_escaped) to_.open = from_;
    const bool begun = where_ != Lexer::start && where_ != Lexer::in_comment;
    if (begun) end_record(i);
  }

  const Lexer& lexer_;
  const std::vector<std::string>& nulls_;
  std::size_t width_;
  Rewritten& to_;
  std::string& text_;
  std::string_view bytes_;
  Lexer::Where where_ = Lexer::start;
  Rewritten::Record record_;
  std::size_t fields_ = 0;            // of the record that have ended
  std::size_t begin_ = 0, keep_ = 0;  // in the text: of the field, and up to where nothing is trimmed
  std::size_t from_ = 0;              // where the field begins in the bytes
  bool quoted_ = false, special_ = false, escaped_ = false;
};

void Lexer::rewrite(std::string_view records, const std::vector<std::string>& nulls, std::size_t width,
                    Rewritten& to) const {
  to.text.clear();
  to.records.clear();
  to.open = to.behind = Rewritten::kNothing;
  to.text.reserve(records.size() + records.size() / 8 + 64);
  Rewriter(*this, nulls, width, to).run(records);
}

}  // namespace weir::csv
