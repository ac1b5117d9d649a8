#pragma once

#include "ui/jobs/library.h"
#include "ui/models/conversations_model.h"

#include <QTimer>
#include <QWidget>

#include <optional>

class QAction;
class QLabel;
class QLineEdit;
class QListView;

namespace bs::ui {

class Conversation;
class UndoBar;

/// The stored conversations: search, choose, rename in place, delete with an offer to undo, export.
class ConversationsPanel : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kSearchDelayMs = 150;

    struct Actions
    {
        QAction* newConversation;
        QAction* rename;
        QAction* remove;
        QAction* exportConversation;
    };

    ConversationsPanel(Library* library, Conversation* conversation, const Actions& actions,
                       QWidget* parent = nullptr);

    ConversationsModel* model() { return &m_model; }
    void focusSearch();

Q_SIGNALS:
    /// What was asked for is written.
    void exported(const QString& path);

private:
    void connectList(const Actions& actions);
    void refresh();
    void showList(const QString& search, const QList<ConversationRecord>& conversations);
    void selectCurrent();
    void rename();
    void remove();
    void undo();
    void askExport();
    std::optional<qint64> chosen() const;
    void updateActions();

    Library* m_library;
    Conversation* m_conversation;
    Actions m_actions;
    ConversationsModel m_model;
    QLineEdit* m_search;
    QListView* m_list;
    QLabel* m_empty;
    UndoBar* m_undo;
    qint64 m_removed = 0; ///< what Undo brings back
    QTimer m_searchTimer;
    bool m_selecting = false; ///< the selection follows, it does not lead
};

} // namespace bs::ui
