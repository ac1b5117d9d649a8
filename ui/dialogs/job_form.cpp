#include "ui/dialogs/job_form.h"

#include "ui/models/translate.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace bs::ui {

QFormLayout* makeJobForm()
{
    auto* const form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->setHorizontalSpacing(16);
    return form;
}

void layOutJob(QDialog* dialog, QFormLayout* form, const QList<QWidget*>& below, QPushButton* start,
               int minimumWidth)
{
    auto* const buttons = new QDialogButtonBox(dialog);
    buttons->addButton(start, QDialogButtonBox::ActionRole);
    buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* const column = new QVBoxLayout(dialog);
    column->setContentsMargins(16, 16, 16, 12);
    column->setSpacing(12);
    column->addLayout(form);
    for (QWidget* const part : below)
        column->addWidget(part);
    column->addWidget(buttons);
    dialog->setMinimumWidth(minimumWidth);
}

} // namespace bs::ui
