#include "ui/pages/token_card.h"

#include "ui/widgets/looks.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr int kWidth = 290;
constexpr int kGap = 6;

} // namespace

TokenCard::TokenCard(QWidget* parent)
    : QFrame(parent)
    , m_heading(new QLabel(this))
    , m_table(new QTableView(this))
{
    setObjectName(QStringLiteral("tokenCard"));
    setAccessibleName(tr("What both models think of this token"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Window); // apart from the text's below
    // The mouse goes on over the text below.
    setAttribute(Qt::WA_TransparentForMouseEvents);
    m_heading->setObjectName(QStringLiteral("tokenCardHeading"));
    m_heading->setWordWrap(true);
    makeQuiet(m_heading);
    m_table->setObjectName(QStringLiteral("tokenCardTable"));
    m_table->setAccessibleName(tr("Likeliest tokens and their probabilities"));
    m_table->setModel(&m_model);
    m_table->setFocusPolicy(Qt::NoFocus);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->viewport()->setBackgroundRole(QPalette::Window);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 4);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(CandidateModel::Token, QHeaderView::Stretch);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(8, 6, 8, 6);
    column->setSpacing(4);
    column->addWidget(m_heading);
    column->addWidget(m_table);
    hide();
}

void TokenCard::showAt(const QRect& token, const QString& heading)
{
    m_heading->setText(heading);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() +
                            m_model.rowCount() * m_table->verticalHeader()->defaultSectionSize() +
                            2);
    const int width = std::min(kWidth, parentWidget()->width());
    resize(width, layout()->heightForWidth(width));
    const QRect room = parentWidget()->rect();
    const bool below = token.bottom() + kGap + height() <= room.bottom() ||
                       token.top() - room.top() < room.bottom() - token.bottom();
    const int top = below ? token.bottom() + kGap : token.top() - kGap - height();
    move(std::clamp(token.left(), room.left(), std::max(room.left(), room.right() - width)),
         std::clamp(top, room.top(), std::max(room.top(), room.bottom() - height())));
    show();
    raise();
}

} // namespace bs::ui
