#pragma once

#include "core/store/records.h"

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

namespace bs {

/// The messages of a conversation by what follows what. Every path from a beginning is a way the
/// conversation may have gone; the one that ends at the leaf is shown. Ids are the caller's and
/// may be anything that is unique; messages are added in the order in which they were made.
class MessageTree
{
public:
    using Id = std::int64_t;

    MessageTree() = default;
    /// Parents come before their children; one whose parent is missing counts as a beginning.
    explicit MessageTree(const std::vector<MessageRecord>& messages);

    void add(Id message, std::optional<Id> parent);
    /// Takes a message out with all that follows it.
    void remove(Id message);

    bool contains(Id message) const { return m_nodes.contains(message); }
    std::optional<Id> parent(Id message) const;
    /// From a beginning to `leaf`; empty without one.
    std::vector<Id> path(std::optional<Id> leaf) const;
    /// All messages that follow the same one, itself included, oldest first.
    const std::vector<Id>& versions(Id message) const;
    /// What follows a message, or begins, oldest first.
    const std::vector<Id>& followers(std::optional<Id> message) const;
    /// The end of the newest way on from a message.
    Id newestLeaf(Id message) const;

private:
    struct Node
    {
        std::optional<Id> parent;
        std::vector<Id> followers;
    };
    std::vector<Id>& followersOf(std::optional<Id> message);

    std::map<Id, Node> m_nodes;
    std::vector<Id> m_beginnings;
};

} // namespace bs
