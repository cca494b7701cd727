// Journal: the native protocol of systemd's journal: a datagram an entry, each a list of fields.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace weir::observe {

using JournalFields = std::vector<std::pair<std::string, std::string>>;

// The bytes of an entry. Names become what the journal takes: A-Z, 0-9 and _, at most 64, a letter first; values may have
// any bytes, and are cut after 16 KiB, so that an entry fits a datagram.
std::string journal_entry(const JournalFields& fields);

// A socket of a journal. Threads: send() [any].
class Journal {
 public:
  static constexpr const char* kSocket = "/run/systemd/journal/socket";

  // `path`: its socket. A journal that is started anew there is found again.
  explicit Journal(std::string path);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Says whether anybody listens at the socket; else errno tells why not.
  bool reachable() const;
  // Sends an entry; false: it is lost. Never waits.
  bool send(const JournalFields& fields) const;

 private:
  std::string path_;
  int socket_;
};

}  // namespace weir::observe
