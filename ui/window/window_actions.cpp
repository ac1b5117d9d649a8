#include "ui/window/window_actions.h"

#include "ui/models/size_unit.h"
#include "ui/models/translate.h"
#include "ui/window/job_actions.h"
#include "ui/window/make_action.h"

#include <QAction>
#include <QActionGroup>
#include <QKeySequence>
#include <QWidget>

#include <utility>

namespace bs::ui {

namespace {

template <class... Rest>
QAction* make(QWidget* parent, Rest&&... rest)
{
    return makeAction(parent, std::forward<Rest>(rest)...);
}

QList<QAction*> makeSizeUnits(QWidget* p)
{
    struct Unit
    {
        const char* name;
        QString text;
        QString tip;
        Qt::Key key;
        SizeUnit unit;
    };
    const QList<Unit> units{
        {"actionUnitMB", tr("Sizes in M&B"), tr("Charts count in 10^6 bytes"), Qt::Key_1,
         SizeUnit::Megabytes},
        {"actionUnitMiB", tr("Si&zes in MiB"), tr("Charts count in 2^20 bytes"), Qt::Key_2,
         SizeUnit::Mebibytes},
        {"actionUnitBytes", tr("Sizes in b&ytes"), tr("Charts count bytes"), Qt::Key_3,
         SizeUnit::Bytes},
        {"actionUnitBits", tr("Sizes in bits per &weight"),
         tr("Charts count every bit of the file over every weight of the model"), Qt::Key_4,
         SizeUnit::BitsPerWeight}};
    auto* const group = new QActionGroup(p);
    for (const Unit& unit : units) {
        QAction* const action =
            make(p, unit.name, unit.text, unit.tip, Qt::CTRL | Qt::ALT | unit.key);
        action->setCheckable(true);
        action->setData(QVariant::fromValue(unit.unit));
        group->addAction(action);
    }
    group->actions().first()->setChecked(true);
    return group->actions();
}

} // namespace

WindowActions::WindowActions(QWidget* p)
    : openFile(make(p, "actionOpen", tr("&Open..."), tr("Open a model file"), QKeySequence::Open,
                    "open"))
    , openFolder(make(p, "actionOpenFolder", tr("Open &folder..."),
                      tr("Open a Hugging Face folder"), Qt::CTRL | Qt::SHIFT | Qt::Key_O))
    , closeModel(make(p, "actionClose", tr("&Close model"), tr("Give the model's memory back"),
                      QKeySequence::Close))
    , compress(make(p, "actionCompress", tr("Co&mpress..."), tr("Cut the model into blocks, once"),
                    Qt::CTRL | Qt::Key_K, "compress"))
    , exportModel(make(p, "actionExport", tr("&Export..."),
                       tr("Write the model at this size for other programs"), Qt::CTRL | Qt::Key_E))
    , savePng(make(p, "actionSavePng", tr("&Save chart as PNG..."),
                   tr("Write the chart to a PNG file"), Qt::CTRL | Qt::SHIFT | Qt::Key_S, "save"))
    , preferences(make(p, "actionPreferences", tr("Prefere&nces..."),
                       tr("Threads, context length, language and cached files"),
                       Qt::CTRL | Qt::Key_Comma))
    , quit(make(p, "actionQuit", tr("&Quit"), tr("Leave the workbench"), QKeySequence::Quit))
    , newConversation(make(p, "actionNew", tr("&New conversation"), tr("Begin a new conversation"),
                           QKeySequence::New, "new"))
    , stop(make(p, "actionStop", tr("&Stop answer"), tr("Stop the answer that is being made"),
                Qt::Key_Escape, "stop"))
    , regenerate(make(p, "actionRegenerate", tr("&Regenerate"),
                      tr("Make the last answer again at the size that is set now"),
                      Qt::CTRL | Qt::Key_R, "regenerate"))
    , focusPrompt(make(p, "actionPrompt", tr("Go to the &prompt"), tr("Write the next prompt"),
                       Qt::CTRL | Qt::Key_P))
    , renameConversation(make(p, "actionRenameConversation", tr("Rena&me conversation"),
                              tr("Give the chosen conversation another title"), Qt::Key_F2))
    , deleteConversation(make(p, "actionDeleteConversation", tr("&Delete conversation"),
                              tr("Delete the chosen conversation; it can be brought back"),
                              QKeySequence::Delete))
    , exportConversation(make(p, "actionExportConversation", tr("E&xport conversation..."),
                              tr("Write the chosen conversation as Markdown or JSON"),
                              Qt::CTRL | Qt::SHIFT | Qt::Key_E))
    , searchConversations(make(p, "actionSearchConversations", tr("Searc&h conversations"),
                               tr("Find a conversation by what was said"),
                               Qt::CTRL | Qt::SHIFT | Qt::Key_F))
    , editTemplate(make(p, "actionTemplate", tr("Chat &template..."),
                        tr("Show and edit how messages become the model's text")))
    , smaller(make(p, "actionSmaller", tr("&Smaller"), tr("One step less memory"),
                   Qt::CTRL | Qt::Key_BracketLeft))
    , larger(make(p, "actionLarger", tr("&Larger"), tr("One step more memory"),
                  Qt::CTRL | Qt::Key_BracketRight))
    , smallest(make(p, "actionSmallest", tr("S&mallest"), tr("The smallest size that is of use"),
                    Qt::CTRL | Qt::SHIFT | Qt::Key_BracketLeft))
    , largest(make(p, "actionLargest", tr("L&argest"), tr("Everything the file holds"),
                   Qt::CTRL | Qt::SHIFT | Qt::Key_BracketRight))
    , followMemory(make(p, "actionFollowMemory", tr("&Follow the free memory"),
                        tr("Go to a smaller size while memory is scarce, and back up afterwards")))
    , measure(make(p, "actionMeasure", tr("&Measure curve..."),
                   tr("Measure perplexity at several sizes, beside the chat"), Qt::CTRL | Qt::Key_M,
                   "chart"))
    , logarithmic(make(p, "actionLogarithmic", tr("&Logarithmic axis"),
                       tr("Perplexity on a logarithmic axis"), Qt::CTRL | Qt::Key_L, "log"))
    , logarithmicSize(make(p, "actionLogarithmicSize", tr("Logarithmic size a&xis"),
                           tr("Sizes on a logarithmic axis"), Qt::CTRL | Qt::SHIFT | Qt::Key_L))
    , zoomIn(make(p, "actionZoomIn", tr("Zoom &in"), tr("Show less of the chart, larger"),
                  QKeySequence::ZoomIn))
    , zoomOut(make(p, "actionZoomOut", tr("Zoom &out"), tr("Show more of the chart"),
                   QKeySequence::ZoomOut))
    , zoomBack(make(p, "actionZoomBack", tr("Zoom b&ack"), tr("What the chart showed before"),
                    QKeySequence::Back))
    , zoomAll(make(p, "actionZoomAll", tr("Zoom to &everything"), tr("Show the whole chart"),
                   Qt::CTRL | Qt::Key_0))
    , lookAtAnswer(make(p, "actionLookAtAnswer", tr("&Divergence of the last answer"),
                        tr("Where the last answer differs from the original, token by token"),
                        Qt::CTRL | Qt::ALT | Qt::Key_T))
    , lookAtText(make(p, "actionLookAtText", tr("Di&vergence on a text..."),
                      tr("Where this size differs from the original on a text of yours")))
    , table(make(p, "actionTable", tr("Show as &table"), tr("The measurements as a table"),
                 Qt::CTRL | Qt::Key_T, "table"))
    , showCurve(make(p, "actionShowCurve", tr("Go to &quality against size"),
                     tr("Show the measured sizes"), Qt::CTRL | Qt::SHIFT | Qt::Key_1))
    , showHeat(make(p, "actionShowHeat", tr("Go to &blocks by layer"),
                    tr("Show what is loaded, layer by matrix"), Qt::CTRL | Qt::SHIFT | Qt::Key_2))
    , showOrder(make(p, "actionShowOrder", tr("Go to &loading order"),
                     tr("Show in which order blocks load, and what each saves"),
                     Qt::CTRL | Qt::SHIFT | Qt::Key_3))
    , showInspect(make(p, "actionShowInspect", tr("&Inspect the model"),
                       tr("Its tensors, their values and the file's metadata"),
                       Qt::CTRL | Qt::Key_I))
    , showMemory(make(p, "actionShowMemory", tr("Go to &memory over time"),
                      tr("Show what the engine held"), Qt::CTRL | Qt::SHIFT | Qt::Key_4))
    , showSpeed(make(p, "actionShowSpeed", tr("Go to &speed against size"),
                     tr("Show how fast answers were"), Qt::CTRL | Qt::SHIFT | Qt::Key_5))
    , showTokens(make(p, "actionShowTokens", tr("Go to &tokens"),
                      tr("Show where in a text the model differs from the original"),
                      Qt::CTRL | Qt::SHIFT | Qt::Key_6))
    , sizeUnits(makeSizeUnits(p))
    , jobs(makeJobActions(p))
    , runs(makeRunActions(p))
    , showCompare(make(p, "actionShowCompare", tr("&Go to Compare"),
                       tr("Two models answer the same prompt, side by side"),
                       Qt::CTRL | Qt::SHIFT | Qt::Key_C))
    , comparePinA(make(p, "actionComparePinA", tr("Take this size as &A"),
                       tr("Compare the size that is set now, as A"),
                       Qt::CTRL | Qt::ALT | Qt::Key_A))
    , comparePinB(make(p, "actionComparePinB", tr("Take this size as &B"),
                       tr("Compare the size that is set now, as B"),
                       Qt::CTRL | Qt::ALT | Qt::Key_B))
    , compareSwap(make(p, "actionCompareSwap", tr("&Swap A and B"),
                       tr("A becomes B, and B becomes A"), Qt::CTRL | Qt::ALT | Qt::Key_X))
    , compareKeep(make(p, "actionCompareKeep", tr("Find the smallest si&ze that keeps A's answer"),
                       tr("Look through the sizes for it"), Qt::CTRL | Qt::ALT | Qt::Key_K))
    , compareMeasure(make(p, "actionCompareMeasure", tr("&Measure A and B..."),
                          tr("Measure perplexity and divergence of both on a text"),
                          Qt::CTRL | Qt::ALT | Qt::Key_M))
    , compareCopy(make(p, "actionCompareCopy", tr("&Copy both answers"),
                       tr("Copy prompt, answers and figures as Markdown"),
                       Qt::CTRL | Qt::ALT | Qt::Key_C))
    , resetLayout(make(p, "actionResetLayout", tr("&Reset layout"),
                       tr("Every panel where it was at first")))
    , palette(make(p, "actionPalette", tr("Find a &command..."),
                   tr("Every command, by parts of its name"), Qt::CTRL | Qt::SHIFT | Qt::Key_P))
    , showLog(make(p, "actionLog", tr("Show &log"),
                   tr("What the window and its engine said, for a report")))
    , about(make(p, "actionAbout", tr("&About BitStack Workbench"),
                 tr("Version, engine and licence")))
    , recipe(p)
{
    renameConversation->setIconText(tr("Rename"));
    deleteConversation->setIconText(tr("Delete"));
    compareSwap->setIconText(tr("Swap"));
    compareCopy->setIconText(tr("Copy"));
    exportConversation->setIconText(tr("Export..."));
    lookAtAnswer->setIconText(tr("Last answer"));
    lookAtText->setIconText(tr("Text..."));
    // Their keys mean something else outside the list.
    for (QAction* const action : {renameConversation, deleteConversation})
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    followMemory->setCheckable(true);
    logarithmic->setCheckable(true);
    logarithmic->setChecked(true);
    logarithmicSize->setCheckable(true);
    table->setCheckable(true);
    about->setMenuRole(QAction::AboutRole);
    preferences->setMenuRole(QAction::PreferencesRole);
    quit->setMenuRole(QAction::QuitRole);
}

} // namespace bs::ui
