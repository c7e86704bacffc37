#include "rooms/identity/repair.hpp"

#include <set>
#include <unordered_map>

#include "platform/audit/audit.hpp"
#include "platform/config/config.hpp"
#include "rooms/identity/kinds.hpp"
#include "rooms/identity/link_load.hpp"
#include "rooms/identity/repair_rules.hpp"

namespace motcua::identity {
namespace {

constexpr std::size_t batch_rows = 500;        // judged, and corrected, together

struct FileRow {
  RepairRow out;
  std::shared_ptr<const PreparedRecord> record;            // absent: the row is left
  linkage::RecordIndex at = linkage::no_record;            // in the set that was linked
  std::vector<Correction> corrections;
};

/// Whose a cluster of records is, as stored today; and who else it may be.
struct Cluster {
  std::set<std::int64_t> persons;
  const linkage::ScoredPair* doubt = nullptr;              // the strongest pair with a record of somebody else
  linkage::RecordIndex doubt_other = linkage::no_record;
};

class Repair {
 public:
  Repair(House& house, Identity& identity, const RepairOptions& options)
      : house_(house), identity_(identity), options_(options), reader_(identity, options.source) {}

  Result<RepairSummary> run(const Act& act, const intake::ByteSource& file, const std::function<void(const RepairRow&)>& each) {
    TRY(audit::record_read(house_.database, act, {{{}, "identity_record", {}, {}, {}, true}}));
    TRY(read(file));
    if (options_.apply) TRY(bring_in(act));
    TRY(place());
    for (std::size_t from = 0; from < rows_.size(); from += batch_rows) {
      const auto batch = std::span(rows_).subspan(from, std::min(batch_rows, rows_.size() - from));
      TRY(house_.database.read([&](storage::Reader& reader) { return judge(reader, batch); }));
      if (options_.apply) TRY(record(act, batch));
      for (FileRow& row : batch) count(row.out), each(row.out);
    }
    return summary_;
  }

 private:
  // ---- the file

  Result<void> read(const intake::ByteSource& file) {
    const std::array columns{reader_.column("full_name"), reader_.column("birth_date"), reader_.column("phone"), reader_.column("id_number")};
    return intake::read_table(reader_.kind(), file, [&](const intake::RawRow& raw, const Result<void>& readable) -> Result<void> {
      if (rows_.size() == repair_rows_max)
        return Failure{FailureKind::too_large, "identity.repair_too_large", {}, raw.number, {{"rows_max", std::to_string(repair_rows_max)}}};
      FileRow row;
      row.out.row = raw.number;
      row.out.dose_id = std::string(raw.values[0]);
      for (std::size_t f = 0; f < columns.size(); ++f) row.out.words[f].says = Personal(std::string(raw.values[columns[f]]));
      auto prepared = readable ? reader_.prepare(raw) : Result<std::shared_ptr<const PreparedRecord>>(readable.failure());
      if (!prepared) row.out.reason = "unreadable", row.out.failure = std::move(prepared).failure();
      else if (!subjects_.insert((*prepared)->record.subject).second) row.out.reason = "id_twice";
      else row.record = *std::move(prepared);
      rows_.push_back(std::move(row));
      return {};
    });
  }

  Result<void> bring_in(const Act& act) {
    const auto rows = static_cast<std::size_t>(house_.settings.integer("imports.batch_rows"));
    std::vector<std::shared_ptr<const PreparedRecord>> batch;
    const auto flush = [&] {
      return house_.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
        TRY(identity_.save(tx, batch));
        return {};
      });
    };
    for (const FileRow& row : rows_) {
      if (row.record) batch.push_back(row.record);
      if (batch.size() < rows) continue;
      TRY(flush());
      batch.clear();
    }
    if (!batch.empty()) TRY(flush());
    TRY(identity_.link(act, {}));
    return {};
  }

  // ---- whose is it

  /// Links everything that is stored and the rows of the file together, in memory.
  Result<void> place() {
    std::unordered_map<std::string_view, FileRow*> in_file;
    for (FileRow& row : rows_)
      if (row.record) in_file[row.record->record.subject] = &row;
    linkage::RecordSet set;
    TRY(house_.database.read([&](storage::Reader& reader) {
      return load_for_linking(reader, load_, [&](linkage::PersonRecord&& stored, const Entry& entry) {
        const auto row = in_file.find(entry.subject);
        const auto at = set.add(row == in_file.end() ? stored : to_linkage(row->second->record->record));
        if (row != in_file.end()) row->second->at = at;
      });
    }));
    for (FileRow& row : rows_)
      if (row.record && row.at == linkage::no_record) row.at = set.add(to_linkage(row.record->record));
    TRY_ASSIGN(auto model, Linker::model_of(load_.state));
    if (load_.state.model.empty()) model = linkage::learn(set, engine_options());
    linkage::LinkInput input = constraints_between_named(load_);
    for (const Entry& entry : load_.named) input.previous_person.push_back(entry.before);
    input.previous_person.resize(set.size(), no_person);
    result_ = linkage::link(set, model, input, engine_options());
    find_clusters();
    return {};
  }

  void find_clusters() {
    std::set<linkage::RecordIndex> of_file;
    for (const FileRow& row : rows_)
      if (row.record) of_file.insert(row.at), clusters_[result_.person_of[row.at]];
    for (linkage::RecordIndex i = 0; i < load_.named.size(); ++i) {
      const auto cluster = clusters_.find(result_.person_of[i]);
      if (cluster != clusters_.end() && !of_file.contains(i) && load_.named[i].before != no_person) cluster->second.persons.insert(load_.named[i].before);
    }
    for (const auto& pair : result_.review)   // the strongest first
      for (const auto& [self, other] : {std::pair(pair.a, pair.b), std::pair(pair.b, pair.a)}) {
        const auto cluster = clusters_.find(result_.person_of[self]);
        if (cluster == clusters_.end() || cluster->second.doubt || of_file.contains(other)) continue;
        if (other < load_.named.size() && load_.named[other].before != no_person) cluster->second.doubt = &pair, cluster->second.doubt_other = other;
      }
  }

  // ---- what is wrong with it

  std::string doubted(const Cluster& cluster) const { return load_.persons.id_of(load_.named[cluster.doubt_other].before); }

  using Sources = std::map<std::string_view, std::vector<const Record*>>;
  using Owners = std::map<std::string_view, std::set<std::string_view>>;

  Result<std::set<std::string>> persons_elsewhere(storage::Reader& reader, std::span<const std::string> persons) const {
    std::set<std::string> out;
    if (!options_.may_see) return out;
    TRY_ASSIGN(const auto summaries, store::summaries(reader, persons));
    for (const auto& person : summaries)
      if (!options_.may_see(person.ward_code)) out.insert(person.person_id);
    return out;
  }

  Result<void> judge(storage::Reader& reader, std::span<FileRow> batch) {
    std::set<std::string> ids;
    std::vector<std::string> references;
    for (const FileRow& row : batch) {
      if (!row.record) continue;
      const Cluster& cluster = clusters_.at(result_.person_of[row.at]);
      for (const auto person : cluster.persons) ids.insert(load_.persons.id_of(person));
      if (cluster.doubt) ids.insert(doubted(cluster));
      for (const Claim& claim : row.record->claims) references.push_back(claim.reference);
    }
    const std::vector<std::string> persons(ids.begin(), ids.end());
    TRY_ASSIGN(const auto stored, store::records_of_persons(reader, persons, person_records_max * static_cast<int>(store::chunk_ids)));
    TRY_ASSIGN(const auto unseen, persons_elsewhere(reader, persons));
    Sources sources;
    for (const auto& s : stored)
      if (s.record.kind != "doses" && !subjects_.contains(s.record.subject) && !unseen.contains(s.link.person_id)) sources[s.link.person_id].push_back(&s.record);
    TRY_ASSIGN(const auto claims, store::claims_on(reader, references));
    std::map<std::string_view, std::set<std::string_view>> owners;
    for (const auto& claim : claims)
      if (claim.named && !claim.key.starts_with(options_.source + ":")) owners[claim.reference].insert(claim.person_id);
    for (FileRow& row : batch)
      if (row.record) judge_row(row, sources, owners);
    return {};
  }

  void judge_row(FileRow& row, const Sources& sources, const Owners& owners) {
    const Cluster& cluster = clusters_.at(result_.person_of[row.at]);
    RepairRow& out = row.out;
    std::vector<std::string> known;
    for (const auto person : cluster.persons)
      if (sources.contains(load_.persons.id_of(person))) known.push_back(load_.persons.id_of(person));
    if (known.empty() && cluster.doubt && sources.contains(doubted(cluster))) {
      out.outcome = RepairOutcome::review, out.reason = "whose";
      out.person_id = doubted(cluster);
      out.probability = cluster.doubt->probability;
    } else if (known.empty()) {
      out.reason = "nobody";
    } else {
      out.person_id = known.front();
      out.probability = result_.confidence[row.at];
      if (known.size() > 1) out.outcome = RepairOutcome::review, out.reason = "joins_two";
      else compare(row, sources.at(out.person_id), owners);
    }
  }

  static void compare(FileRow& row, const std::vector<const Record*>& sources, const Owners& owners) {
    RepairRow& out = row.out;
    RepairQuestion question{.row = &row.record->record};
    for (std::size_t f = 0; f < repair_fields; ++f) question.told[f] = !out.words[f].says.reveal().empty();
    const auto is_anothers = [&](const std::string& reference) {
      const auto owner = owners.find(reference);
      return owner != owners.end() && !owner->second.contains(out.person_id);
    };
    question.phone_is_anothers = is_anothers("phone:" + row.record->record.phone);
    question.id_is_anothers = is_anothers("id:" + row.record->record.id_number);
    row.corrections = find_corrections(question, sources);
    bool certain = true;
    for (const Correction& c : row.corrections) {
      RepairWord& word = out.words[static_cast<std::size_t>(c.field)];
      word.should_say = Personal(c.should_say);
      word.source = Personal(c.source);
      word.certain = c.certain;
      certain = certain && c.certain;
    }
    out.outcome = row.corrections.empty() ? RepairOutcome::right : certain ? RepairOutcome::repaired : RepairOutcome::review;
    if (out.outcome == RepairOutcome::review) out.reason = "which";
  }

  // ---- what stays of it

  Result<void> record(const Act& act, std::span<const FileRow> batch) {
    std::vector<std::string> subjects;
    std::vector<store::StoredCorrection> corrections;
    const Instant now = house_.now();
    for (const FileRow& row : batch) {
      if (!row.record) continue;
      subjects.push_back(row.record->record.subject);
      for (const Correction& c : row.corrections)
        corrections.push_back({subjects.back(), c.field, row.out.words[static_cast<std::size_t>(c.field)].says.reveal(), c.should_say, c.source, row.out.probability,
                               c.certain ? CorrectionState::machine : CorrectionState::proposed, options_.repair_id, "auto", now});
    }
    TRY_ASSIGN(const auto added, house_.database.write_value(act, [&](storage::Transaction& tx) { return store::put_corrections(tx, subjects, corrections); }));
    summary_.recorded += added;
    return {};
  }

  void count(const RepairRow& row) {
    ++summary_.read;
    switch (row.outcome) {
      case RepairOutcome::right: ++summary_.right; break;
      case RepairOutcome::review: ++summary_.review; break;
      case RepairOutcome::left: ++summary_.left; break;
      case RepairOutcome::repaired:
        ++summary_.repaired;
        for (const auto& word : row.words) summary_.corrections += word.should_say.reveal().empty() ? 0 : 1;
    }
  }

  House& house_;
  Identity& identity_;
  const RepairOptions& options_;
  DoseReader reader_;
  std::vector<FileRow> rows_;
  std::set<std::string> subjects_;                 // of the file
  LinkLoad load_;
  linkage::LinkResult result_;
  std::unordered_map<std::uint32_t, Cluster> clusters_;   // those with a row of the file
  RepairSummary summary_;
};

}  // namespace

Result<RepairSummary> repair_doses(House& house, Identity& identity, const Act& act, const intake::ByteSource& file, const RepairOptions& options,
                                   const std::function<void(const RepairRow&)>& each) {
  return Repair(house, identity, options).run(act, file, each);
}

}  // namespace motcua::identity
