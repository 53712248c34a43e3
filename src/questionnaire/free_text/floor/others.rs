//! Words of harm to others.

/// Harm to others.
pub(super) const HARM_TO_OTHERS: &[&str] = &[
    concat!(
        "kill|killing|kil|murder|murdering|strangle|strangling|smother|smothering|throttle|throttling|poison her|",
        somebody!()
    ),
    concat!(
        "kill|killing|murder|murdering|stab|strangle|strangling|smother|smothering|throttle|poison ",
        family!()
    ),
    concat!("stab|stabbing her|", somebody!()),
    concat!(want!(), "|going|ill|will ? kill|stab|murder you"),
    concat!(
        "of|about|by|from|not hurting|harming|hitting|attacking|beating|punching|shaking|stabbing|smashing her|",
        somebody!()
    ),
    concat!(
        "of|about|by|from|not hurting|harming|hitting|attacking|beating|punching|shaking|stabbing ",
        family!()
    ),
    concat!(
        want!(),
        "|urge|urges|going|tempted|like|need|desire|impulse|impulses|tell|tells|telling|made|love to|too ",
        "hurt|harm|hit|attack|beat|punch|shake|batter|smash|slap her|",
        somebody!()
    ),
    concat!(
        want!(),
        "|urge|urges|going|tempted|like|need|desire|impulse|impulses|tell|tells|telling|made|love to|too ",
        "hurt|harm|hit|attack|beat|punch|shake|batter|smash|slap ",
        family!()
    ),
    concat!(
        "i|ill|id will|might|could|may|would|nearly|almost|have|had|did|to ? hurt|harm|hit|attack|beat|punch|shake|batter|slap her|",
        somebody!()
    ),
    concat!(
        "ill|id hurt|harm|hit|attack|beat|punch|shake|batter|slap her|",
        somebody!()
    ),
    concat!(
        "i hit|beat|punched|attacked|shook|slapped|battered her|",
        somebody!()
    ),
    concat!(
        "i|ill might|could|may|will|would|nearly|almost|have|did|snap|lose ~ hurt|harm|hit|attack|beat|punch|shake|shook|batter|slap|slapped ",
        family!()
    ),
    concat!(
        "ill|id hurt|harm|hit|attack|beat|punch|shake|batter|slap ",
        family!()
    ),
    "harm|danger to ? other|others|people|someone|somebody",
    "harm|harming|hurt|hurting others|someone|somebody|other else|people",
    "harm|harming others|someone|somebody",
    "homicid*|murderous",
    "violent|aggressive thoughts|urges|impulses|feelings",
    "smash*|bash|kick|kicking|punch|punching|cave|caving his|her|their ? head|face|teeth|skull",
    "shoot|shooting|stab|bomb up a|the|my ? school|place|office|work|hospital|surgery|clinic",
    concat!("shoot|shooting her|", somebody!()),
    "carry|carrying|bought|sharpen* a|my knife|gun|machete",
    "voice|voices ~ tell|tells|telling|say|saying|says|want|wants me|to ? ? kill|hurt|harm|die|stab",
    concat!("strangled|strangling|choke|choked|choking|smothered ", family!()),
    "burn|burning ~ house|car|flat|place down",
    "set fire to",
    concat!("push|pushing her|", somebody!(), " ? ? front|off|under|down"),
    concat!(want!(), " her|", somebody!(), " dead"),
];
