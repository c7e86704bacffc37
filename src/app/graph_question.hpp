#pragma once
// A question to a stored graph from the command line: its words into numbers, its graph opened, numbers into ids again.
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/commands.hpp"
#include "base/folder.hpp"
#include "engines/contacts/clusters.hpp"
#include "engines/contacts/graph_source.hpp"
#include "engines/contacts/reach.hpp"

namespace motcua::app {

Result<contacts::Time> to_time(const std::string& text, const char* argument);

/// A graph opened to be asked.
class GraphAsked {
 public:
  /// Failures: of kind `invalid` concern the command line, others the files.
  static Result<std::unique_ptr<GraphAsked>> open(const GraphQuestionArguments& arguments);

  const contacts::Graph& graph() const { return *graph_; }
  const contacts::ReachQuestion& question() const { return question_; }   // of the first cluster
  const std::vector<contacts::Seed>& others() const { return others_; }
  /// The same for trace(), which gives chains and places.
  contacts::Question traced() const;
  contacts::GraphSource source() const;
  /// One seed of it at a time, for clusters.
  contacts::AskOne one_by_one();

 private:
  Result<void> read(const GraphQuestionArguments& arguments);
  Result<void> look_up(const GraphQuestionArguments& arguments);
  std::unique_ptr<Folder> folder_;
  std::unique_ptr<contacts::Graph> graph_;
  std::unique_ptr<contacts::Reach> reach_;
  contacts::ReachQuestion question_;
  std::vector<contacts::Seed> others_;
};

/// The ids of many numbers, looked up together.
class Names {
 public:
  static Result<Names> of(const contacts::Dictionary& ids, std::vector<std::uint32_t> numbers);
  std::string_view operator[](std::uint32_t number) const;

 private:
  std::size_t place_of(std::uint32_t number) const;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::pair<std::size_t, std::size_t>> places_;   // begin and length of each text
  std::string texts_;
};

/// motcua graph trace --chains: the rows of an answer with the earliest and the strongest chain to each person. True: it is partial.
Result<bool> print_chains(const GraphAsked& asked, const std::string& format, const std::string& direction);

/// What the answer lacks, said on standard error; the exit status.
int warn_of_lacks(const Globals& globals, const contacts::Graph& graph, bool partial);

}  // namespace motcua::app
