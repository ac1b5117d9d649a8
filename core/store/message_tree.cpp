#include "core/store/message_tree.h"

#include <algorithm>

namespace bs {

MessageTree::MessageTree(const std::vector<MessageRecord>& messages)
{
    for (const MessageRecord& message : messages)
        add(message.id, message.parent);
}

std::vector<MessageTree::Id>& MessageTree::followersOf(std::optional<Id> message)
{
    return message ? m_nodes.at(*message).followers : m_beginnings;
}

void MessageTree::add(Id message, std::optional<Id> parent)
{
    if (contains(message)) return;
    if (parent && !contains(*parent)) parent.reset();
    m_nodes[message].parent = parent;
    followersOf(parent).push_back(message);
}

void MessageTree::remove(Id message)
{
    if (!contains(message)) return;
    std::erase(followersOf(parent(message)), message);
    std::vector<Id> going{message};
    while (!going.empty()) {
        const Id next = going.back();
        going.pop_back();
        const std::vector<Id>& then = m_nodes.at(next).followers;
        going.insert(going.end(), then.begin(), then.end());
        m_nodes.erase(next);
    }
}

std::optional<MessageTree::Id> MessageTree::parent(Id message) const
{
    const auto node = m_nodes.find(message);
    return node == m_nodes.end() ? std::nullopt : node->second.parent;
}

std::vector<MessageTree::Id> MessageTree::path(std::optional<Id> leaf) const
{
    std::vector<Id> ids;
    for (std::optional<Id> at = leaf; at && contains(*at); at = parent(*at))
        ids.push_back(*at);
    std::ranges::reverse(ids);
    return ids;
}

const std::vector<MessageTree::Id>& MessageTree::versions(Id message) const
{
    return followers(parent(message));
}

const std::vector<MessageTree::Id>& MessageTree::followers(std::optional<Id> message) const
{
    static const std::vector<Id> kNone;
    if (!message) return m_beginnings;
    const auto node = m_nodes.find(*message);
    return node == m_nodes.end() ? kNone : node->second.followers;
}

MessageTree::Id MessageTree::newestLeaf(Id message) const
{
    while (!followers(message).empty())
        message = followers(message).back();
    return message;
}

} // namespace bs
