#include "platform/audit/audit.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "platform/audit/retention.hpp"
#include "tests/support/database.hpp"

namespace motcua::audit {
namespace {

using storage::Transaction;

class AuditTest : public tests::DatabaseTest {
 protected:
  std::vector<std::string> migrations() const override { return {"platform/audit/"}; }
  void SetUp() override {
    DatabaseTest::SetUp();
    keys = std::move(*crypto::open_key_ring(dir().file("home")));
    database().set_audit_sink(sink());
  }
  std::shared_ptr<storage::AuditSink> sink() {
    return *make_sink(*keys, {.now = [this] { return now; }, .checkpoint_entries_max = 10});
  }
  static Act act(std::string action) { return {"acc_tester", "tracer", "contact-tracing", std::move(action), "req_1"}; }
  void append(int count, const std::string& subject = "per_a") {
    for (int i = 0; i < count; ++i)
      ASSERT_TRUE(database().write(act("tracing.confirm_case"), [&](Transaction& tx) -> Result<void> {
        tx.note({.action = {}, .object = "cas_1", .subject = subject, .area = "79", .detail = R"({"class":"F1"})"});
        return {};
      }));
  }
  /// Tampering: straight into the tables. Its own audit entries come behind, so the sink is off.
  void tamper(const std::string& sql, const storage::Values& values = {}) {
    database().set_audit_sink(nullptr);
    ASSERT_TRUE(database().write(tests::test_act(), [&](Transaction& tx) -> Result<void> {
      TRY(tx.execute(sql, values));
      return {};
    })) << sql;
    database().set_audit_sink(sink());
  }
  std::string verified(const std::optional<Witness>& witness = {}) {
    auto v = verify(database(), *keys, witness);
    if (!v) return v.failure().code + " " + v.failure().detail;
    if (!v->first_break) return "holds";
    return std::to_string(v->first_break->seq) + " " + std::string(to_text(v->first_break->kind));
  }
  Page list(const Filter& filter, std::int64_t before = 0, int limit = 50) {
    return *database().read_value([&](storage::Reader& r) { return list_entries(r, filter, before, limit); });
  }

  Instant now = from_millis(1'627'700'000'000);
  std::unique_ptr<crypto::KeyRing> keys;
};
INSTANTIATE_TEST_SUITE_P(Engines, AuditTest, tests::both_engines(), tests::engine_name);

TEST_P(AuditTest, Promise07AnUntouchedChainHolds) {
  EXPECT_EQ(verified(), "holds") << "an empty one too";
  append(25);
  EXPECT_EQ(verified(), "holds");
  auto v = verify(database(), *keys);
  EXPECT_EQ(v->entries, 25);
  EXPECT_GE(v->checkpoints, 2);
  reopen();
  database().set_audit_sink(sink());
  append(1);
  EXPECT_EQ(verify(database(), *keys)->entries, 26);
}

TEST_P(AuditTest, AFailedTransactionLeavesNoEntryAndNoGap) {
  append(2);
  auto failed = database().write(act("tracing.confirm_case"), [](Transaction& tx) -> Result<void> {
    tx.note({.action = {}, .object = "cas_2"});
    return conflict("tracing.already_confirmed");
  });
  EXPECT_FALSE(failed);
  append(1);
  EXPECT_EQ(verify(database(), *keys)->entries, 3);
  EXPECT_EQ(verified(), "holds");
}

TEST_P(AuditTest, AnActWithoutNotesIsOnRecord) {
  ASSERT_TRUE(database().write(act("settings.change"), [](Transaction&) -> Result<void> { return {}; }));
  const Page page = list({.actor = "acc_tester"});
  ASSERT_EQ(page.entries.size(), 1u);
  EXPECT_EQ(page.entries[0].action, "settings.change");
  EXPECT_EQ(page.entries[0].purpose, "contact-tracing");
  EXPECT_FALSE(page.entries[0].read);
}

struct Tampering {
  const char *name, *sql, *found;
};
const Tampering tamperings[] = {
    {"another actor", "UPDATE audit_entry SET actor = 'acc_other' WHERE seq = 7", "7 changed"},
    {"another subject", "UPDATE audit_entry SET subject = 'per_b' WHERE seq = 1", "1 changed"},
    {"another time", "UPDATE audit_entry SET at = at + 1 WHERE seq = 25", "25 changed"},
    {"a look made a write", "UPDATE audit_entry SET is_read = 1 WHERE seq = 12", "12 changed"},
    {"a byte moved from one field to the next", "UPDATE audit_entry SET object = 'cas_', subject = '1per_a' WHERE seq = 3", "3 changed"},
    {"removed at the start", "DELETE FROM audit_entry WHERE seq = 1", "1 removed"},
    {"removed in the middle", "DELETE FROM audit_entry WHERE seq = 14", "14 removed"},
    {"several removed", "DELETE FROM audit_entry WHERE seq BETWEEN 5 AND 9", "5 removed"},
    {"numbers moved away", "UPDATE audit_entry SET seq = CASE seq WHEN 4 THEN -5 ELSE -4 END WHERE seq IN (4, 5)", "4 removed"},
    {"end cut off", "DELETE FROM audit_entry WHERE seq > 22", "23 truncated"},
    {"all cut off", "DELETE FROM audit_entry", "1 truncated"},
    {"head set back", "UPDATE audit_head SET seq = 24", "24 rewritten"},
    {"checkpoint's time", "UPDATE audit_checkpoint SET at = at + 1 WHERE seq = 10", "10 bad_signature"},
    {"checkpoint moved", "UPDATE audit_checkpoint SET seq = 12 WHERE seq = 10", "12 bad_signature"},
};

TEST_P(AuditTest, Promise07EveryTamperingIsFoundWhereItIs) {
  for (const Tampering& t : tamperings) {
    SCOPED_TRACE(t.name);
    made_ = tests::make_test_database(GetParam(), migrations());
    database().set_audit_sink(sink());
    append(25);
    ASSERT_EQ(verified(), "holds");
    tamper(t.sql);
    EXPECT_EQ(verified(), t.found);
  }
}

TEST_P(AuditTest, Promise07TrulyExchangedEntriesAreFound) {
  append(12);
  tamper("UPDATE audit_entry SET seq = -seq WHERE seq IN (4, 5)");
  tamper("UPDATE audit_entry SET seq = 9 + seq WHERE seq IN (-4, -5)");
  EXPECT_EQ(verified(), "4 changed");
}

TEST_P(AuditTest, Promise07ATailCutWithItsHeadIsFoundByTheCheckpointAndByAWitness) {
  append(25);
  const Entry kept = list({}, 0, 1).entries.at(0);
  const Entry before = list({}, 20, 1).entries.at(0);
  tamper("DELETE FROM audit_entry WHERE seq > 19");
  tamper("UPDATE audit_head SET seq = 19, hash = $1", {storage::Bytes(before.hash.begin(), before.hash.end())});
  EXPECT_EQ(verified(), "20 truncated") << "a checkpoint at 20 knows of more";
  tamper("DELETE FROM audit_checkpoint WHERE seq > 19");
  EXPECT_EQ(verified(), "holds") << "nothing in the database knows any more";
  EXPECT_EQ(verified(Witness{kept.seq, to_hex(kept.hash)}), "20 truncated");
}

TEST_P(AuditTest, Promise07ARewrittenChainDoesNotFitItsSignatures) {
  append(25);
  std::vector<Entry> all = list({}, 0, 200).entries;
  std::reverse(all.begin(), all.end());
  std::string scratch;
  for (std::size_t i = 2; i < all.size(); ++i) {
    if (i == 2) all[i].actor = "acc_scapegoat";
    all[i].prev = all[i - 1].hash;
    all[i].hash = hash_of(all[i], scratch);
    tamper("UPDATE audit_entry SET actor = $1, prev_hash = $2, hash = $3 WHERE seq = $4",
           {all[i].actor, storage::Bytes(all[i].prev.begin(), all[i].prev.end()),
            storage::Bytes(all[i].hash.begin(), all[i].hash.end()), all[i].seq});
  }
  tamper("UPDATE audit_head SET hash = $1", {storage::Bytes(all.back().hash.begin(), all.back().hash.end())});
  EXPECT_EQ(verified(), "10 rewritten");
}

TEST_P(AuditTest, Promise07ACutChainHoldsFromItsSignedBeginning) {
  append(25);
  const Instant early = now;
  now += std::chrono::days(40);
  append(15);
  const auto cut_before = [&](Instant before, bool count_only) { return cut(database(), *keys, act("audit.cut"), before, now, count_only); };
  EXPECT_EQ(*cut_before(early, false), 0) << "nothing is older";
  EXPECT_EQ(*cut_before(now, true), 20) << "up to a checkpoint of the time before";
  EXPECT_EQ(verify(database(), *keys)->entries, 40) << "counting deletes nothing";
  EXPECT_EQ(*cut_before(now, false), 20);
  EXPECT_EQ(verified(), "holds");
  EXPECT_EQ(verify(database(), *keys)->entries, 21) << "20 that are kept and the cut itself";
  EXPECT_EQ(*cut_before(now, false), 0) << "done is done";
  std::ostringstream out;
  EXPECT_EQ(export_json_lines(database(), *keys, out).value(), 21);
  EXPECT_NE(out.str().find("\"from\":21"), std::string::npos);
  append(1);
  EXPECT_EQ(verified(), "holds");
}

TEST_P(AuditTest, Promise07WhatIsCutByHandIsFound) {
  struct Row { const char *sql, *found; };
  for (const Row& row : {Row{"DELETE FROM audit_cut", "1 removed"}, Row{"UPDATE audit_cut SET entries = entries - 1", "20 bad_signature"},
                         Row{"UPDATE audit_cut SET seq = 21", "21 bad_signature"}, Row{"DELETE FROM audit_entry WHERE seq = 21", "21 removed"}}) {
    SCOPED_TRACE(row.sql);
    made_ = tests::make_test_database(GetParam(), migrations());
    database().set_audit_sink(sink());
    append(25);
    now += std::chrono::days(40);
    append(15);
    ASSERT_EQ(*cut(database(), *keys, act("audit.cut"), now, now, false), 20);
    tamper(row.sql);
    EXPECT_EQ(verified(), row.found);
  }
}

TEST_P(AuditTest, Promise07ABrokenChainIsEvidenceAndIsNotCut) {
  append(25);
  now += std::chrono::days(40);
  append(1);
  tamper("UPDATE audit_entry SET actor = 'acc_other' WHERE seq = 7");
  EXPECT_EQ(cut(database(), *keys, act("audit.cut"), now, now, false).failure().code, "audit.cut_of_broken_chain");
  EXPECT_EQ(verified(), "7 changed") << "it is still there";
}

TEST_P(AuditTest, ADeletionLeavesASignedProof) {
  append(3);
  const Proof proof = *prove_deletion(database(), act("app.purge"), {{"tracing.purge_visits", 12}});
  const Entry said = list({.actor = "acc_tester"}, 0, 1).entries.at(0);
  EXPECT_EQ(said.detail, R"({"tracing.purge_visits":12})");
  EXPECT_LT(said.seq, proof.seq) << "the signature covers it";
  const Entry end = list({}, proof.seq + 1, 1).entries.at(0);
  EXPECT_EQ(to_hex(end.hash), proof.hash_hex);
  crypto::Bytes signature;
  for (std::size_t i = 0; i < proof.signature_hex.size(); i += 2) signature.push_back(static_cast<std::uint8_t>(std::stoi(proof.signature_hex.substr(i, 2), nullptr, 16)));
  EXPECT_TRUE(crypto::verify_ed25519(keys->signing_key("audit")->public_key, checkpoint_text(proof.seq, end.hash, end.at), signature));
  EXPECT_EQ(verified(), "holds");
}

TEST_P(AuditTest, CheckpointsComeByCountByTimeAndWhenAsked) {
  const auto checkpoints = [&] { return verify(database(), *keys)->checkpoints; };
  append(1);
  EXPECT_EQ(checkpoints(), 0);
  now += std::chrono::minutes{6};
  append(1);
  EXPECT_EQ(checkpoints(), 1);
  append(10);
  EXPECT_EQ(checkpoints(), 2);
  append(1);
  ASSERT_TRUE(checkpoint(database()));
  EXPECT_EQ(checkpoints(), 3);
  const auto entries = verify(database(), *keys)->entries;
  ASSERT_TRUE(checkpoint(database()));
  EXPECT_EQ(verify(database(), *keys)->entries, entries) << "a signed end needs no second signature";
  EXPECT_EQ(verified(), "holds");
}

TEST_P(AuditTest, Promise08WhoReadThisRecordNewestFirstAndPaged) {
  append(3, "per_a");
  ASSERT_TRUE(record_read(database(), act("tracing.view_case"),
                          {{.action = {}, .object = "cas_1", .subject = "per_a"}, {.action = {}, .object = "cas_1", .subject = "sub_b"}}));
  append(3, "per_c");
  const Page looks = list({.subjects = {"per_a"}, .reads_only = true});
  ASSERT_EQ(looks.entries.size(), 1u);
  EXPECT_EQ(looks.entries[0].actor, "acc_tester");
  EXPECT_EQ(looks.entries[0].role, "tracer");
  EXPECT_EQ(looks.entries[0].purpose, "contact-tracing");
  EXPECT_EQ(looks.entries[0].action, "tracing.view_case");
  EXPECT_EQ(looks.entries[0].at, now);
  EXPECT_EQ(list({.subjects = {"per_a", "sub_b"}}).entries.size(), 5u);
  EXPECT_EQ(list({.object = "cas_1"}).entries.size(), 8u);

  std::vector<std::int64_t> seen;
  std::int64_t before = 0;
  for (int pages = 0; pages < 10; ++pages) {
    const Page page = list({.subjects = {"per_a", "sub_b"}}, before, 2);
    for (const Entry& e : page.entries) seen.push_back(e.seq);
    if (!page.next_before) break;
    before = *page.next_before;
  }
  EXPECT_EQ(seen, (std::vector<std::int64_t>{5, 4, 3, 2, 1}));
}

TEST_P(AuditTest, TooManySubjectsAreRefused) {
  auto r = database().read_value(
      [&](storage::Reader& reader) { return list_entries(reader, {.subjects = std::vector<std::string>(201, "per_a")}); });
  ASSERT_FALSE(r);
  EXPECT_EQ(r.failure().code, "audit.too_many_subjects");
}

TEST_P(AuditTest, HostileTextNeitherFailsTheGroupNorTheChain) {
  const std::string hostile = std::string("a\0b", 3) + "\xff\xc0\x80 \xed\xa0\x80 Đặng";
  ASSERT_TRUE(database().write({"cli:" + hostile, "operator", "p", "test.write", std::string(5000, 'x')},
                               [&](Transaction& tx) -> Result<void> {
                                 tx.note({.action = {}, .object = hostile, .detail = std::string(10'000, 'y')});
                                 return {};
                               }));
  EXPECT_EQ(verified(), "holds");
  const Entry e = list({}).entries.at(0);
  EXPECT_EQ(e.object, "a?b??? ??? Đặng");
  EXPECT_EQ(e.detail, R"({"dropped_bytes":10000})");
  EXPECT_EQ(e.request.size(), 200u);
}

TEST_P(AuditTest, Promise07SeveralWritersAtOnceMakeOneChain) {
  constexpr int writers = 3, each = 60;
  {
    std::vector<std::jthread> threads;
    for (int w = 0; w < writers; ++w)
      threads.emplace_back([&, w] {
        auto own = storage::open_database(options());  // as another process would
        ASSERT_TRUE(own);
        (*own)->set_audit_sink(sink());
        for (int i = 0; i < each; ++i)
          EXPECT_TRUE((*own)->write(act("test.append"), [&](Transaction& tx) -> Result<void> {
            tx.note({.action = {}, .object = "obj_" + std::to_string(w)});
            tx.note({.action = {}, .object = "obj_" + std::to_string(w)});
            return {};
          }));
      });
  }
  EXPECT_EQ(verified(), "holds");
  EXPECT_EQ(verify(database(), *keys)->entries, writers * each * 2);
}

/// The script of the guide, as it stands there.
std::string script_of_the_guide() {
  std::ifstream in(std::string(MOTCUA_SOURCE_DIR) + "/docs/guides/audit.md");
  std::stringstream all;
  all << in.rdbuf();
  const std::string text = all.str();
  const std::size_t begin = text.find("```js\n") + 6;
  return text.substr(begin, text.find("```\n", begin) - begin);
}

TEST_P(AuditTest, Promise07TheIndependentScriptOfTheGuideAgrees) {
  if (std::system("node --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no node on this machine";
  append(25);
  ASSERT_TRUE(record_read(database(), act("tracing.view_case"), {{.action = {}, .object = "cas_\"ư\"", .subject = "per_a"}}));
  std::ofstream(dir().file("verify.mjs")) << script_of_the_guide();
  const std::string key = to_hex(keys->signing_key("audit")->public_key);
  const auto run = [&](const std::string& exported, const std::string& trusted, const std::string& witness = "") {
    std::ofstream(dir().file("export.jsonl")) << exported;
    const int status = std::system(("node " + dir().file("verify.mjs") + " " + dir().file("export.jsonl") + " " + trusted + " " +
                                    witness + " >/dev/null").c_str());
    return WEXITSTATUS(status);
  };
  std::ostringstream out;
  ASSERT_EQ(export_json_lines(database(), *keys, out).value(), 26);
  const std::string good = out.str();
  const Entry last = list({}, 0, 1).entries.at(0);
  EXPECT_EQ(run(good, key), 0);
  EXPECT_EQ(run(good, key, std::to_string(last.seq) + ":" + to_hex(last.hash)), 0);
  EXPECT_EQ(run(good, key, std::to_string(last.seq) + ":" + std::string(64, 'a')), 1);
  EXPECT_EQ(run(good, to_hex(crypto::make_ed25519().public_key)), 1) << "somebody else's key";

  std::string changed = good;
  changed.replace(changed.find("acc_tester"), 10, "acc_nobody");
  EXPECT_EQ(run(changed, key), 1);
  const std::size_t second = good.find("\n", good.find("\"seq\":3,")) + 1;
  EXPECT_EQ(run(good.substr(0, second) + good.substr(good.find('\n', second) + 1), key), 1) << "a line removed";
  EXPECT_EQ(run(good.substr(0, good.rfind('\n', good.size() - 2) + 1), key), 1) << "the last line removed";

  std::ostringstream part;
  ASSERT_EQ(export_json_lines(database(), *keys, part, 5, 20).value(), 16);
  EXPECT_EQ(run(part.str(), key), 0);
}

TEST(AuditChain, TheCanonicalFormIsWrittenDown) {
  Entry e;
  e.seq = 7;
  e.at = from_millis(1000);
  e.actor = "acc_1";
  e.detail = "é";
  e.read = true;
  std::string scratch;
  EXPECT_EQ(canonical_form(e, scratch), "64:" + std::string(64, '0') + ",1:7,4:1000,5:acc_1,0:,0:,0:,0:,0:,0:,2:é,0:,1:1,");
}

}  // namespace
}  // namespace motcua::audit
