#include "ui/pages/conversations_panel.h"

#include "ui/jobs/conversation.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/two_line_delegate.h"
#include "ui/widgets/undo_bar.h"

#include <QAction>
#include <QFileDialog>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace bs::ui {

namespace {

/// A title as a file name: letters, digits and a few signs. No dots: what follows one would be
/// taken for the file's suffix.
QString fileNameOf(const QString& title)
{
    QString name;
    for (const QChar c : title.left(60))
        name += c.isLetterOrNumber() || QStringLiteral("-_").contains(c) ? c : QLatin1Char(' ');
    name = name.simplified();
    return name.isEmpty() ? QStringLiteral("conversation") : name;
}

} // namespace

ConversationsPanel::ConversationsPanel(Library* library, Conversation* conversation,
                                       const Actions& actions, QWidget* parent)
    : QWidget(parent)
    , m_library(library)
    , m_conversation(conversation)
    , m_actions(actions)
    , m_search(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_empty(new QLabel(this))
    , m_undo(new UndoBar(QStringLiteral("conversationUndo"),
                         tr("Bring the deleted conversation back"), this))
{
    m_search->setObjectName(QStringLiteral("conversationSearch"));
    m_search->setAccessibleName(tr("Search conversations"));
    m_search->setPlaceholderText(tr("Search titles and messages"));
    m_search->setClearButtonEnabled(true);
    m_list->setObjectName(QStringLiteral("conversationList"));
    m_list->setAccessibleName(tr("Conversations"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(
        new TwoLineDelegate(ConversationsModel::ChangedRole, ConversationsModel::FoundRole, this));
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_empty->setObjectName(QStringLiteral("conversationsEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    makeQuiet(m_empty);

    auto* const buttons = new QHBoxLayout;
    buttons->setSpacing(2);
    for (QAction* const action :
         {actions.newConversation, actions.rename, actions.remove, actions.exportConversation})
        buttons->addWidget(actionButton(action, this));
    buttons->addStretch(1);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 6);
    column->setSpacing(4);
    column->addWidget(m_search);
    column->addWidget(m_list, 1);
    column->addWidget(m_empty, 1);
    column->addWidget(m_undo);
    column->addLayout(buttons);
    connect(m_undo, &UndoBar::undoRequested, this, &ConversationsPanel::undo);
    connectList(actions);
    showList({}, {});
    refresh();
}

void ConversationsPanel::connectList(const Actions& actions)
{
    m_searchTimer.setSingleShot(true);
    m_searchTimer.setInterval(kSearchDelayMs);
    connect(m_search, &QLineEdit::textChanged, this, [this] { m_searchTimer.start(); });
    connect(&m_searchTimer, &QTimer::timeout, this, &ConversationsPanel::refresh);
    connect(m_library, &Library::conversationsChanged, this, &ConversationsPanel::refresh);
    connect(m_library, &Library::conversationsListed, this, &ConversationsPanel::showList);
    connect(m_library, &Library::conversationExported, this, &ConversationsPanel::exported);
    connect(m_conversation, &Conversation::currentChanged, this,
            &ConversationsPanel::selectCurrent);
    connect(&m_model, &ConversationsModel::renamed, m_library, &Library::renameConversation);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& current) {
                updateActions();
                if (!m_selecting && current.isValid())
                    m_conversation->open(current.data(ConversationsModel::IdRole).toLongLong());
            });
    connect(actions.rename, &QAction::triggered, this, &ConversationsPanel::rename);
    connect(actions.remove, &QAction::triggered, this, &ConversationsPanel::remove);
    connect(actions.exportConversation, &QAction::triggered, this, &ConversationsPanel::askExport);
    // Their keys mean something else elsewhere.
    addActions({actions.rename, actions.remove});
}

void ConversationsPanel::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void ConversationsPanel::refresh()
{
    m_searchTimer.stop();
    m_library->listConversations(m_search->text().trimmed());
}

void ConversationsPanel::showList(const QString& search,
                                  const QList<ConversationRecord>& conversations)
{
    if (search != m_search->text().trimmed()) return; // a newer list is on its way
    m_selecting = true;
    m_model.setConversations(conversations);
    m_selecting = false;
    m_empty->setText(search.isEmpty()
                         ? tr("No conversations yet.\nWhat you ask a model is kept here.")
                         : tr("No conversation holds \"%1\".").arg(search));
    m_empty->setVisible(conversations.isEmpty());
    m_list->setVisible(!conversations.isEmpty());
    selectCurrent();
}

void ConversationsPanel::selectCurrent()
{
    const int row = m_model.rowOf(m_conversation->id());
    m_selecting = true;
    if (row >= 0 && row != m_list->currentIndex().row())
        m_list->setCurrentIndex(m_model.index(row));
    else if (row < 0)
        m_list->selectionModel()->clear();
    m_selecting = false;
    updateActions();
}

std::optional<qint64> ConversationsPanel::chosen() const
{
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid()) return std::nullopt;
    return current.data(ConversationsModel::IdRole).toLongLong();
}

void ConversationsPanel::updateActions()
{
    const bool any = m_list->currentIndex().isValid();
    for (QAction* const action : {m_actions.rename, m_actions.remove, m_actions.exportConversation})
        action->setEnabled(any);
}

void ConversationsPanel::rename()
{
    if (!chosen()) return;
    m_list->setFocus(Qt::OtherFocusReason);
    m_list->edit(m_list->currentIndex());
}

void ConversationsPanel::remove()
{
    const std::optional<qint64> id = chosen();
    if (!id) return;
    const QString title = m_list->currentIndex().data().toString();
    if (*id == m_conversation->id()) m_conversation->startNew();
    m_library->removeConversation(*id);
    m_removed = *id;
    m_undo->offer(tr("Deleted \"%1\".").arg(title));
}

void ConversationsPanel::undo()
{
    m_undo->hide();
    const qint64 id = std::exchange(m_removed, 0);
    if (id == 0) return;
    m_library->restoreConversation(id);
    m_conversation->open(id);
}

void ConversationsPanel::askExport()
{
    const std::optional<qint64> id = chosen();
    if (!id) return;
    auto* const dialog = new QFileDialog(this, tr("Export the conversation"));
    dialog->setObjectName(QStringLiteral("conversationExport"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(
        {tr("Markdown, what is shown (*.md)"), tr("JSON, every version and setting (*.json)")});
    dialog->setDefaultSuffix(QStringLiteral("md"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.contains(QLatin1String("*.json")) ? QStringLiteral("json")
                                                                          : QStringLiteral("md"));
    });
    dialog->selectFile(fileNameOf(m_list->currentIndex().data().toString()));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, id](const QString& path) { m_library->exportConversation(*id, path); });
    dialog->open();
}

} // namespace bs::ui
