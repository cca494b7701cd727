// Objects with checksums beside them, read through a source: what is compared, when, and what is told.
#include <weir_catch.hpp>

#include "pipeline/fake_world.hpp"
#include "pipeline/links/sources.hpp"

namespace weir::pipeline {
namespace {

const std::string kText = "n\n1\n2\n";
const std::string kSha256 = "b08a11a12effc9d6330979a26f9cc9ed89e5cbb45bfbdbf97e2a78fdaf66cfe9";
const std::string kMd5 = "9f7722b93e8564d0257c257055fcf638";
const std::string kDoubled = "nn\n\n77\n\n";
const std::string kSha256OfDoubled = "426cf86c61dc8ab4431a0767147874a1f1f64c67e302d29d7d30594c1d0ae110";

struct VerifiedFiles {
  fake::World world;
  std::shared_ptr<FileReading> reading = std::make_shared<FileReading>();
  std::unique_ptr<Source> source;

  explicit VerifiedFiles(const std::string& pattern = "in/*") {
    world.objects = {{"in/a.txt", kText}};
    reading->storage = fake::storage();
    reading->codecs = {fake::codec()};
    reading->formats = {fake::format()};
    reading->expansion.bytes = 1000;
    source = make_file_source(reading, pattern);
  }

  // Reads every split to its end; gives the rows that came, or what was wrong.
  base::Result<std::size_t> read_all() {
    integrity::Account account;
    std::size_t rows = 0;
    const Deliver count = [&rows](const Batch& batch) -> base::Result<void> {
      rows += batch.live();
      return {};
    };
    if (source->schemas().empty()) WEIR_TRY(source->plan());
    Outlet outlet(OutletSetup{"fakes", "format", &source->schemas(), nullptr, true, false}, &account, nullptr);
    for (std::size_t split = 0; split < source->splits().size(); ++split) {
      WEIR_TRY_ASSIGN(const auto reader, source->open(split, {}));
      for (bool last = false; !last;) {
        WEIR_TRY_ASSIGN(const Piece piece, reader->read(outlet, count));
        last = piece.last;
      }
    }
    return rows;
  }

  std::string code() {
    const auto done = read_all();
    return done ? "" : done.error().code;
  }
};

}  // namespace

TEST_CASE("an object is read where its checksum is right, whoever tells it") {
  VerifiedFiles files;
  SECTION("a file beside it") { files.world.objects["in/a.txt.sha256"] = kSha256 + "  a.txt\n"; }
  SECTION("a digest alone beside it") { files.world.objects["in/a.txt.sha256"] = kSha256 + "\n"; }
  SECTION("a file beside it that was made elsewhere") {
    files.world.objects["in/a.txt.sha256"] = kSha256 + " */build/out/a.txt\n";
  }
  SECTION("the folder's file") {
    files.world.objects["in/SHA256SUMS"] = std::string(64, '0') + "  b.txt\n" + kSha256 + "  ./a.txt\n";
  }
  SECTION("the storage") { files.world.checksums["in/a.txt"] = "md5:" + kMd5; }
  CHECK(*files.read_all() == 2);
}

TEST_CASE("an object whose checksum is wrong is refused, whoever tells it") {
  VerifiedFiles files;
  const std::string wrong = "f" + kSha256.substr(1);
  SECTION("a file beside it") { files.world.objects["in/a.txt.sha256"] = wrong + "  a.txt\n"; }
  SECTION("the folder's file") { files.world.objects["in/SHA256SUMS"] = wrong + "  a.txt\n"; }
  SECTION("one of two") {
    files.world.objects["in/a.txt.sha256"] = kSha256 + "  a.txt\n";
    files.world.objects["in/SHA256SUMS"] = wrong + "  a.txt\n";
  }
  SECTION("a second line of one file") {
    files.world.objects["in/SHA256SUMS"] = kSha256 + "  a.txt\n" + wrong + "  ./a.txt\n";
  }
  SECTION("the storage") { files.world.checksums["in/a.txt"] = "sha256:" + wrong; }
  const auto done = files.read_all();
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "source.checksum");
  CHECK(done.error().status == base::Status::data_loss);
  CHECK(done.error().place.file == "in/a.txt");
  CHECK_THAT(done.error().message, test::Contains(wrong) && test::Contains("found " + kSha256));
}

TEST_CASE("with verify: off no checksum is looked at") {
  VerifiedFiles files;
  files.reading->verify = manifest::Verify::off;
  files.world.objects["in/a.txt.sha256"] = "nonsense";
  CHECK(*files.read_all() == 2);
}

TEST_CASE("the checksum is of the bytes as they are stored, not as they expand") {
  VerifiedFiles files;
  files.world.objects = {{"in/b.txt.x2", kDoubled}, {"in/b.txt.x2.sha256", kSha256OfDoubled}};
  CHECK(*files.read_all() == 1);
}

TEST_CASE("checksums that nobody knows change nothing") {
  VerifiedFiles files;
  files.world.objects["in/SHA256SUMS"] = std::string(64, '0') + "  b.txt\n";
  files.world.checksums["in/a.txt"] = GENERATE("etag:\"4711\"", "crc32c:AAAAAA==", "md5:short", "sha256", "");
  CHECK(*files.read_all() == 2);
}

TEST_CASE("a file of checksums that can't be used is an error, not a file without one") {
  VerifiedFiles files;
  SECTION("nonsense beside it") { files.world.objects["in/a.txt.sha256"] = "<html>404</html>"; }
  SECTION("nonsense in the folder's") { files.world.objects["in/SHA256SUMS"] = "nonsense\n"; }
  SECTION("of another file") { files.world.objects["in/a.txt.sha256"] = kSha256 + "  b.txt\n"; }
  SECTION("empty") { files.world.objects["in/a.txt.sha256"] = ""; }
  CHECK(files.code() == "source.checksum_file");
}

TEST_CASE("files of checksums that a pattern means too are not read for rows, unless there is nothing else") {
  VerifiedFiles files;
  files.world.objects["in/a.txt.sha256"] = kSha256;
  files.world.objects["in/SHA256SUMS"] = kSha256 + "  a.txt\n";
  REQUIRE(files.source->plan());
  REQUIRE(files.source->splits().size() == 1);
  CHECK(files.source->splits()[0].name == "in/a.txt");
}

TEST_CASE("a file that is called as one of checksums, of something that is not there, is read for rows") {
  VerifiedFiles files("in/b*");
  files.world.objects = {{"in/b.sha256", "n\n5\n"}};
  files.reading->format_named = true;
  CHECK(*files.read_all() == 1);
}

TEST_CASE("with verify: first nothing of an object with a wrong checksum is read for rows") {
  VerifiedFiles files;
  files.reading->verify = manifest::Verify::first;
  files.world.objects["in/a.txt"] = "n\nnonsense that is no number\n";
  files.world.objects["in/a.txt.sha256"] = kSha256;
  CHECK(files.code() == "source.checksum");
  files.source = make_file_source(files.reading, "in/*");
  files.world.objects["in/a.txt"] = kText;
  files.world.calls.clear();
  CHECK(*files.read_all() == 2);
  CHECK(files.world.count("open_read") == 3);  // of the checksum, of all of it, of its rows
}

TEST_CASE("verify: first reads an object once for its checksum, however often it is opened") {
  VerifiedFiles files;
  files.reading->verify = manifest::Verify::first;
  files.world.objects["in/a.txt.sha256"] = kSha256;
  CHECK(*files.read_all() == 2);
  const auto before = files.world.count("open_read");
  CHECK(*files.read_all() == 2);
  CHECK(files.world.count("open_read") == before + 2);  // the checksum, and the rows
}

TEST_CASE("an object that is another at its end than when it was planned is an error") {
  VerifiedFiles files;
  files.world.versions["in/a.txt"] = "v1";
  REQUIRE(files.source->plan());  // it is open, and read from now on
  SECTION("longer") {
    files.world.objects["in/a.txt"] += "3\n";
    const auto done = files.read_all();
    REQUIRE_FALSE(done);
    CHECK_THAT(done.error().message, test::Contains("found 8 bytes in place of 6"));
  }
  SECTION("written over") { files.world.versions["in/a.txt"] = "v2"; }
  SECTION("gone") { files.world.objects.clear(); }
  CHECK(files.code() == "source.changed");
}

TEST_CASE("verify: off reads an object that grows as far as it went when it was planned") {
  VerifiedFiles files;
  files.reading->verify = manifest::Verify::off;
  REQUIRE(files.source->plan());
  files.world.objects["in/a.txt"] += "3\n";
  CHECK(*files.read_all() == 2);
}

TEST_CASE("of what an object's format does not read the checksum is taken all the same") {
  VerifiedFiles files;
  files.world.objects["in/a.txt.sha256"] = kSha256;
  auto verification =
      std::make_shared<Verification>(VerifiedObject{files.reading->storage, nullptr, {"in/a.txt", "", "", 6, 0}},
                                     std::vector<Expected>{{"sha256", kSha256, "SHA256SUMS:1"}}, nullptr);
  std::atomic<std::uint64_t> counter{0};
  const auto read_two = [&] {
    auto stream = verification->watch(*open_object(files.reading->storage, nullptr, "in/a.txt", "", "a", &counter));
    std::uint8_t two[2];
    bool end = false;
    REQUIRE(stream->read(two, &end));
    auto done = verification->settle();
    return done ? std::string() : done.error().code;
  };
  CHECK(read_two().empty());
  CHECK(counter == 6);
  files.world.objects["in/a.txt"] = "n\n1\n3\n";
  CHECK(read_two() == "source.checksum");
}

}  // namespace weir::pipeline
