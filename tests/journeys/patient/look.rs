//! Serves for looking at (not committed).
use super::{ANSWERS, Visit};
use crate::support::databases::sqlite;
use crate::support::slips::*;

#[test]
#[ignore]
fn look() {
    let rt = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    rt.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let visit = Visit::to(sqlite(folder.path()).await).await;
        std::fs::create_dir_all("/tmp/look").unwrap();
        let base = visit.app.config.base_url.clone();
        let put = |name: &str, body: &str| {
            std::fs::write(
                format!("/tmp/look/{name}.html"),
                body.replace("\"/assets/", &format!("\"{base}/assets/")),
            )
            .unwrap();
        };
        let slip = a_slip(&visit.app, 1, "unused").await;
        let used = a_slip(&visit.app, 2, "used").await;
        put("home", &visit.browser.get("/").await.body);
        put(
            "home_wrong",
            &visit.browser.post("/", "code=7K3M-9QXT-2VBS").await.body,
        );
        put(
            "slip",
            &visit.browser.get(&format!("/s/{}", slip.compact())).await.body,
        );
        put(
            "slip_used",
            &visit.browser.get(&format!("/s/{}", used.compact())).await.body,
        );
        put("slip_mistyped", &visit.browser.get("/s/7K3M9QXT2VBS").await.body);
        visit.starts(Some(&slip)).await;
        for (page, form) in ANSWERS {
            put(
                &format!("p{page:02}"),
                &visit.browser.get(&format!("/refer/{page}")).await.body,
            );
            if page != 23 {
                put(
                    &format!("e{page:02}"),
                    &visit
                        .sends(page, if page == 22 { "anything_else=%00" } else { "" })
                        .await
                        .body,
                );
            }
            match page {
                1 => {
                    put("help_1", &visit.sends(1, "crisis_now=yes").await.body);
                    put(
                        "help_1e",
                        &visit
                            .browser
                            .post("/refer/follow-up", "ring_name=Robin&ring_phone=12&then=go")
                            .await
                            .body,
                    );
                    put(
                        "stopped_unreachable",
                        &visit.browser.post("/refer/follow-up", "then=stop").await.body,
                    );
                }
                14 => put("help_spine", &visit.sends(14, "spine=saddle_numbness").await.body),
                18 => {
                    put("help_18", &visit.sends(18, "item9=1").await.body);
                    put(
                        "help_notsafe",
                        &visit
                            .browser
                            .post("/refer/follow-up", "keep_safe=no&then=go")
                            .await
                            .body,
                    );
                    put(
                        "stopped",
                        &visit.browser.post("/refer/follow-up", "then=stop").await.body,
                    );
                }
                22 => put(
                    "e22risk",
                    &visit
                        .sends(
                            22,
                            &format!("anything_else={}+I+want+to+end+it+all", "word+".repeat(80)),
                        )
                        .await
                        .body,
                ),
                _ => {}
            }
            visit.sends(page, form).await;
        }
        let done = visit.browser.get("/refer/24").await.body;
        put("p24", &done);
        let link = done
            .split("href=\"/r/")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .unwrap()
            .to_owned();
        put("own", &visit.browser.get(&format!("/r/{link}")).await.body);
        visit.browser.post("/refer/forget", "").await;
        put("gone", &visit.browser.get("/refer/4").await.body);
        visit.starts(None).await;
        visit.sends(1, "crisis_now=no").await;
        visit.sends(2, "aged_enough=yes&gp_in_area=yes").await;
        put("refused", &visit.sends(3, "agreed=no").await.body);
        println!("serving {base}");
        while !std::path::Path::new("/tmp/look/stop").exists() {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
    });
}
