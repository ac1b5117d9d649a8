#include "ui/dialogs/keep_dialog.h"

#include "ui/models/recipe_edit.h"
#include "ui/widgets/looks.h"

#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace bs::ui {

KeepDialog::KeepDialog(std::string target, int depth, int most, double bits, QWidget* parent)
    : QDialog(parent)
    , m_target(std::move(target))
    , m_byDepth(new QRadioButton(tr("&Blocks"), this))
    , m_byBits(new QRadioButton(tr("At least so many b&its a weight"), this))
    , m_depth(new QSpinBox(this))
    , m_bits(new QDoubleSpinBox(this))
{
    setObjectName(QStringLiteral("keepDialog"));
    setWindowTitle(tr("Keep %1").arg(targetWords(m_target)));
    setAttribute(Qt::WA_DeleteOnClose);
    m_byDepth->setObjectName(QStringLiteral("keepByDepth"));
    m_byBits->setObjectName(QStringLiteral("keepByBits"));
    m_byDepth->setChecked(true);
    m_depth->setObjectName(QStringLiteral("keepDepth"));
    m_depth->setAccessibleName(tr("Blocks to keep"));
    m_depth->setRange(0, most);
    m_depth->setValue(depth);
    m_depth->setSpecialValueText(tr("none"));
    m_depth->setToolTip(tr("Of %1; none leaves it out").arg(most));
    m_bits->setObjectName(QStringLiteral("keepBits"));
    m_bits->setAccessibleName(tr("Bits a weight to keep"));
    m_bits->setRange(0.05, 32);
    m_bits->setDecimals(2);
    m_bits->setSingleStep(0.25);
    m_bits->setValue(bits);
    m_bits->setToolTip(tr("The fewest blocks that have them, or all there are"));
    auto* const note =
        new QLabel(tr("It stays so when the slider moves; the rest of the budget is for the other "
                      "matrices."),
                   this);
    note->setWordWrap(true);
    makeQuiet(note);
    auto* const grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->addWidget(m_byDepth, 0, 0);
    grid->addWidget(m_depth, 0, 1);
    grid->addWidget(m_byBits, 1, 0);
    grid->addWidget(m_bits, 1, 1);
    auto* const buttons = new QDialogButtonBox(this);
    QPushButton* const keep = buttons->addButton(tr("Keep"), QDialogButtonBox::AcceptRole);
    buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    keep->setObjectName(QStringLiteral("keepAccept"));
    keep->setDefault(true);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 12);
    column->setSpacing(12);
    column->addLayout(grid);
    column->addWidget(note);
    column->addWidget(buttons);
    setMinimumWidth(420);
    const auto follow = [this] {
        m_depth->setEnabled(m_byDepth->isChecked());
        m_bits->setEnabled(m_byBits->isChecked());
    };
    connect(m_byDepth, &QRadioButton::toggled, this, follow);
    follow();
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT chosen(rule());
        accept();
    });
    m_depth->setFocus();
}

RecipeRule KeepDialog::rule() const
{
    using Kind = RecipeRule::Kind;
    return m_byDepth->isChecked()
               ? RecipeRule{m_target, Kind::Depth, static_cast<double>(m_depth->value())}
               : RecipeRule{m_target, Kind::Bits, m_bits->value()};
}

} // namespace bs::ui
