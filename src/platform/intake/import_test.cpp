// Whole imports on both databases, of a small KIND of its own.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>
#include <sstream>

#include "platform/intake/intake.hpp"
#include "platform/intake/limits.hpp"
#include "tests/support/database.hpp"

namespace motcua::intake {
namespace {

/// id*, text*; a text of "bad" is unreadable, one of "odd" is warned of. `batches_left` batches are written before the disk "fills".
class NoteLoader : public Loader {
 public:
  explicit NoteLoader(std::shared_ptr<int> batches_left) : batches_left_(std::move(batches_left)) {}

  Result<void> take(const RawRow& row, std::vector<Warning>& warnings) override {
    if (row.values[1] == "bad") return invalid("test.unreadable", "text");
    if (row.values[1] == "odd") warnings.push_back({"text", "test.odd"});
    rows_.emplace_back(row.values[0], row.values[1]);
    return {};
  }

  std::function<Result<BatchCounts>(storage::Transaction&)> flush() override {
    return [rows = std::exchange(rows_, {}), left = batches_left_](storage::Transaction& tx) -> Result<BatchCounts> {
      if (*left == 0) return unavailable("test.disk_full", "");
      --*left;
      BatchCounts counts;
      for (const auto& [id, text] : rows) {
        TRY_ASSIGN(auto known, tx.find("SELECT body FROM test_note WHERE note_id = $1", {id}, [](const storage::Row& r) { return r.string(0); }));
        if (known && *known == text) ++counts.unchanged;
        else if (known) ++counts.updated;
        else ++counts.accepted;
        auto done = tx.execute("INSERT INTO test_note (note_id, body) VALUES ($1, $2) ON CONFLICT (note_id) DO UPDATE SET body = excluded.body", {id, text});
        if (!done) return std::move(done).failure();
      }
      return counts;
    };
  }

 private:
  std::vector<std::pair<std::string, std::string>> rows_;
  std::shared_ptr<int> batches_left_;
};

class Imports : public tests::DatabaseTest {
 protected:
  std::vector<std::string> migrations() const override { return {"platform/intake/", "platform/storage/"}; }

  void SetUp() override {
    DatabaseTest::SetUp();
    auto made = database().migrate({{"9000_test_note", "-- distribute: note_id\nCREATE TABLE test_note (note_id TEXT PRIMARY KEY, body TEXT NOT NULL);"}});
    ASSERT_TRUE(made.ok());
    kind_ = {.name = "note", .columns = {{"id", true}, {"text", true}}, .start = [this](const ImportOptions&) {
               return Result<std::unique_ptr<Loader>>(std::make_unique<NoteLoader>(batches_left_));
             }};
  }

  Result<Summary> import(const std::string& text) {
    return import_source(database(), tests::test_act("note.import"), kind_, options_, *text_source(text), dir().str());
  }
  std::int64_t notes() {
    return *database().read_value([](storage::Reader& r) -> Result<std::int64_t> {
      TRY_ASSIGN(auto n, r.find("SELECT count(*) FROM test_note", {}, [](const storage::Row& row) { return row.integer(0); }));
      return *n;
    });
  }
  std::vector<ImportRecord> imports() {
    return *database().read_value([](storage::Reader& r) { return list_imports(r, from_millis(4'000'000'000'000), {}, 10); });
  }

  Kind kind_;
  ImportOptions options_{.source = "note"};
  std::shared_ptr<int> batches_left_ = std::make_shared<int>(1'000);
};

std::string counts(const Summary& s) {
  std::ostringstream out;
  out << s.read << " = " << s.accepted << " + " << s.updated << " + " << s.unchanged << " + " << s.rejected << ", " << s.warned;
  return out.str();
}

std::string many(int rows) {
  std::string text = "id,text\n";
  for (int i = 0; i < rows; ++i) text += std::to_string(i) + ",x\n";
  return text;
}

TEST_P(Imports, reconcileAndRepeatWithoutEffect) {
  const std::string text = "id,text\n1,a\n2,bad\n3,odd\n,c\n5\n6,d\n";
  auto first = import(text);
  ASSERT_TRUE(first.ok()) << first.failure().code << first.failure().detail;
  EXPECT_EQ(counts(*first), "6 = 3 + 0 + 0 + 3, 1");
  EXPECT_EQ(counts(*import(text)), "6 = 0 + 0 + 3 + 3, 1");
  EXPECT_EQ(counts(*import("id,text\n1,b\n6,d\n")), "2 = 0 + 1 + 1 + 0, 0");
  EXPECT_EQ(notes(), 3);
}

TEST_P(Imports, rejectedRowsStandInAFileOfTheirOwn) {
  options_.sentence = [](const Failure& why) { return "Vì: " + why.code; };
  auto summary = import("Text,ghi chú,ID\nbad,=1+1,7\nok,x,8\n,\"a,b\",9\n");
  ASSERT_TRUE(summary.ok());
  std::ifstream file(summary->rejected_file);
  std::stringstream content;
  content << file.rdbuf();
  EXPECT_EQ(content.str(), "row,field,reason,Text,ghi chú,ID\n"
                           "1,text,Vì: test.unreadable,bad,'=1+1,7\n"
                           "3,text,Vì: intake.required_empty,,\"a,b\",9\n");
  EXPECT_EQ(summary->rejected_file, dir().file("rejected/" + summary->import_id + ".csv"));
  struct stat about {};
  ASSERT_EQ(::stat(summary->rejected_file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
}

TEST_P(Imports, aBadFileChangesNothing) {
  auto failed = import(many(10'000) + "\"open,x\n");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.failure().code, "intake.quote_unclosed");
  EXPECT_EQ(failed.failure().row, 10'001);
  EXPECT_EQ(notes(), 0);
  auto listed = imports();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].state, "failed");
  EXPECT_EQ(listed[0].failure_code, "intake.quote_unclosed");
  EXPECT_EQ(listed[0].failure_row, 10'001);
}

TEST_P(Imports, aFileOfAnotherKindIsGivenUp) {
  options_.rejected_rows_max = 2;
  options_.batch_rows = 1;
  auto failed = import("id,text\n1,a\n2,bad\n3,bad\n4,bad\n5,a\n");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.failure().code, "intake.rejected_too_many");
  EXPECT_EQ(failed.failure().row, 4);
  EXPECT_EQ(notes(), 1);
}

TEST_P(Imports, manyBatchesArriveInOrder) {
  std::int64_t last = 0;
  auto summary = import_source(database(), tests::test_act("note.import"), kind_, options_, *text_source(many(5'001)), dir().str(),
                               [&](const Progress& p) { last = p.rows; });
  EXPECT_EQ(counts(*summary), "5001 = 5001 + 0 + 0 + 0, 0");
  EXPECT_EQ(last, 5'001);
  EXPECT_EQ(imports().at(0).state, "done");
  EXPECT_EQ(imports().at(0).summary.accepted, 5'001);
}

TEST_P(Imports, whatStoppedHalfwayIsCompletedByRunningAgain) {
  *batches_left_ = 2;
  auto stopped = import(many(9'000));
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.failure().code, "test.disk_full");
  EXPECT_EQ(notes(), 2 * static_cast<std::int64_t>(batch_rows));
  *batches_left_ = 1'000;
  EXPECT_EQ(counts(*import(many(9'000))), "9000 = 5000 + 0 + 4000 + 0, 0");
}

TEST_P(Imports, aSilentImportWasInterrupted) {
  auto id = import("id,text\n1,a\n")->import_id;
  auto revived = database().write(tests::test_act(), [&](storage::Transaction& tx) -> Result<void> {
    TRY(tx.execute("UPDATE intake_import SET ended_at = NULL, heard_at = $2 WHERE import_id = $1", {id, from_millis(1'000'000)}));
    return {};
  });
  ASSERT_TRUE(revived.ok());
  auto state_at = [&](std::int64_t ms) {
    return database().read_value([&](storage::Reader& r) { return get_import(r, from_millis(ms), id); })->state;
  };
  EXPECT_EQ(state_at(1'000'000 + import_silence_ms_max), "running");
  EXPECT_EQ(state_at(1'000'001 + import_silence_ms_max), "interrupted");
  auto absent = database().read_value([&](storage::Reader& r) { return get_import(r, from_millis(0), "imp_nothere"); });
  EXPECT_EQ(absent.failure().code, "intake.import_not_found");
}

TEST_P(Imports, aFileThatIsNotThereLeavesNoImportBehind) {
  auto missing = import_file(database(), tests::test_act(), kind_, options_, dir().file("none.csv"), dir().str());
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.failure().code, "intake.file_unreadable");
  EXPECT_TRUE(imports().empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, Imports, tests::both_engines(), tests::engine_name);

}  // namespace
}  // namespace motcua::intake
