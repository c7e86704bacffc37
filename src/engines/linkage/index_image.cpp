// An Index as bytes. Columns as they lie in memory: the image is read by the program that wrote it, on the same kind of machine.
#include "engines/linkage/image.hpp"
#include "engines/linkage/index_state.hpp"

namespace motcua::linkage {
namespace {

/// Grows with every change of a column, a blocking key or a fold of texts.
constexpr std::uint64_t image_version = 2;
constexpr std::uint64_t image_mark = std::uint64_t{0x4d43494e44455800} ^ image_version << 56 ^ sizeof(RecordRow) << 40 ^ sizeof(NameValue) << 32 ^ sizeof(NameWord) << 24 ^ sizeof(AddressValue) << 16;

Failure unreadable(const char* why) { return {FailureKind::corrupt, "linkage.image_unreadable", {}, std::nullopt, {}, why}; }

struct FlatDecisions {
  std::vector<std::uint32_t> lengths;   // of key_a, of key_b, and 1 for "same"
  std::string keys;
  template <class V>
  void each_column(V&& visit) { visit(lengths); visit(keys); }
};

FlatDecisions flatten(const std::vector<Index::Decision>& decisions) {
  FlatDecisions flat;
  for (const auto& d : decisions) {
    flat.lengths.insert(flat.lengths.end(), {static_cast<std::uint32_t>(d.key_a.size()), static_cast<std::uint32_t>(d.key_b.size()), d.same ? 1U : 0U});
    flat.keys += d.key_a + d.key_b;
  }
  return flat;
}

std::vector<Index::Decision> unflatten(const FlatDecisions& flat) {
  std::vector<Index::Decision> decisions;
  std::size_t at = 0;
  for (std::size_t i = 0; i + 2 < flat.lengths.size(); i += 3) {
    decisions.push_back({flat.keys.substr(at, flat.lengths[i]), flat.keys.substr(at + flat.lengths[i], flat.lengths[i + 1]), flat.lengths[i + 2] != 0});
    at += std::size_t{flat.lengths[i]} + flat.lengths[i + 1];
  }
  return decisions;
}

}  // namespace

/// What save and restore go through, in one order.
struct Index::Columns {
  template <class Visit>
  static void each(State& s, const Visit& visit) {
    s.records.columns_->each_column(visit);
    s.sharing.each_column(visit);
    s.postings.each_column(visit);
    visit(s.person);
    visit(s.mate);
    visit(s.member);
  }
  static bool fit(const State& s) {
    const auto& c = s.records.columns();
    for (const TextPool* pool : {&c.names, &c.words, &c.addresses, &c.ids, &c.contacts, &c.places, &c.sources})
      if (!pool->fits()) return false;
    return s.postings.fits() && c.key_ends.fits() && c.key_ends.size() == c.rows.size() + 1 && s.person.size() == c.rows.size() && s.mate.size() == c.rows.size() &&
           c.name_values.size() == c.names.size() && c.id_values.size() == c.ids.size() && c.address_values.size() == c.addresses.size();
  }
};

Result<void> Index::save(const Put& put, std::string_view note) {
  State& s = *state_;
  if (!s.built || !s.postings.is_base_only()) s.build();
  ImageWriter write(put);
  write(image_mark);
  write(note);
  write(s.model.to_json());
  FlatDecisions decisions = flatten(s.decisions);
  decisions.each_column(write);
  Columns::each(s, [&](const auto& column) { write(column); });
  write(s.dirty);
  write.end();
  if (!write.good()) return unavailable("linkage.image_not_written", "put");
  return {};
}

Result<Index::Restored> Index::restore(const Get& get, std::uint64_t bytes, Options options) {
  ImageReader read(get, bytes);
  std::uint64_t mark = 0;
  read(mark);
  if (!read.good() || mark != image_mark) return unreadable("mark");
  std::string note, json;
  read(note);
  read(json);
  FlatDecisions decisions;
  decisions.each_column(read);
  if (!read.good()) return unreadable("head");
  auto model = Model::from_json(json);
  if (!model) return unreadable("model");
  auto state = std::make_unique<State>(*std::move(model), std::move(options));
  Columns::each(*state, [&](auto& column) { read(column); });
  read(state->dirty);
  if (!read.end() || !Columns::fit(*state)) return unreadable("columns");
  for (const RecordIndex next : state->mate) state->replaced += next == no_record ? 1 : 0;
  state->scorer.extend();
  Index index(std::move(state));
  const std::vector<RecordIndex> dirty = index.state_->dirty;
  index.constrain(unflatten(decisions));
  index.state_->dirty = dirty;   // what was decided before it was saved is not new
  return Restored{std::move(index), std::move(note)};
}

}  // namespace motcua::linkage
