#include "observe/journal.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace weir::observe {
namespace {

constexpr std::size_t kMostName = 64;
constexpr std::size_t kMostValue = 16384;
constexpr std::size_t kMostEntry = 131072;

std::string field_name(const std::string& name) {
  std::string upper;
  for (const char letter : name.substr(0, kMostName)) {
    const bool small = letter >= 'a' && letter <= 'z';
    const bool taken = (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    upper += small ? static_cast<char>(letter - 'a' + 'A') : taken ? letter : '_';
  }
  const bool begins = !upper.empty() && upper.front() >= 'A' && upper.front() <= 'Z';
  return begins ? upper : ("X" + upper).substr(0, kMostName);
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
  return address;
}

}  // namespace

std::string journal_entry(const JournalFields& fields) {
  std::string entry;
  for (const auto& [name, whole] : fields) {
    const std::string value = whole.substr(0, kMostValue);
    if (entry.size() + value.size() + kMostName > kMostEntry) break;
    entry += field_name(name);
    if (value.find('\n') == std::string::npos) {
      entry += "=" + value + "\n";
      continue;
    }
    entry += "\n";  // with its length, in 64 bits, the lowest byte first
    for (unsigned shift = 0; shift < 64; shift += 8)
      entry += static_cast<char>((static_cast<std::uint64_t>(value.size()) >> shift) & 0xFFU);
    entry += value + "\n";
  }
  return entry;
}

Journal::Journal(std::string path)
    : path_(std::move(path)), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}

Journal::~Journal() {
  if (socket_ >= 0) ::close(socket_);
}

bool Journal::reachable() const {
  if (path_.size() >= sizeof(sockaddr_un::sun_path)) errno = ENAMETOOLONG;
  if (path_.size() >= sizeof(sockaddr_un::sun_path) || socket_ < 0) return false;
  const int probe = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return false;
  const sockaddr_un address = address_of(path_);
  const bool connected = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const int why = errno;
  ::close(probe);
  errno = why;
  return connected;
}

bool Journal::send(const JournalFields& fields) const {
  const std::string entry = journal_entry(fields);
  const sockaddr_un address = address_of(path_);
  return ::sendto(socket_, entry.data(), entry.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
                  sizeof address) == static_cast<ssize_t>(entry.size());
}

}  // namespace weir::observe
