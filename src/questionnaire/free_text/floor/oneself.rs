//! Words of dying, of not wanting to live, and of hurting oneself.

/// Suicide by its name.
pub(super) const SUICIDE: &[&str] = &[
    "suicid*|suisid*|suiside*|suicde*|sucide*|sucid*|suside*|siucid*|suicied*|sueicid*|suecid*|suacid*|suicad*",
    "suciside*|sucicid*|suicude*|suidic*|suisied*|suicd*",
    "suic|sui cide|cidal|side|sidal|ide|de",
    concat!("attempt|attempts|attempted|attempting ? ? ? ", whose!(), " life"),
    "unaliv*",
    // Clinicians' shorthand: thoughts of life not worth living.
    "tlnwl",
    "active|passive|fleeting si",
];

/// Ending one's life, in other words.
pub(super) const ENDING_LIFE: &[&str] = &[
    concat!("end|ends|ended|ending|endin ", whose!(), " ? life|lives"),
    concat!("take|takes|taking|takin|took|taken ", whose!(), " own life|lives"),
    concat!(
        "take|takes|taking|takin|took|taken ",
        whose!(),
        " life|lives !away|back|over|from|again|slowly|as"
    ),
    "end|ending|endin|finish|finishing it all",
    concat!(
        want!(),
        "|about|of|going|plan|planning|thought|thinking|tempted|ready ? end|ending it|things|everything ."
    ),
    concat!(
        want!(),
        "|about|of|going|plan|planning|thought|thinking|tempted|ready ? end|ending it now|tonight|soon|for|once|so|because"
    ),
    concat!(want!(), "|", wish!(), " ? ? it|this all to|would end|stop"),
    concat!(want!(), "|", wish!(), " ? ? everything to|would end|stop"),
    "kill*|kil|kils|kiled|kiling myself|self",
    concat!(want!(), "|", wish!(), "|please ~ kill|kills|killed me"),
    "top|topped|topping|hang|hanging|hangin|hanged|hung|drown*|gas|gassing|shoot|shooting|shot myself",
    "stab|stabbing|poison*|strangl*|suffocat*|smother*|electrocut* myself",
    "do|doing|did|done myself in",
    "do|doing|does|did|done away with myself",
    "end|ending|ended|endin myself",
    "jump*|throw*|threw|step|stepping|walk|walking|run|running ? ? front of ? ? ? train|trains|bus|car|cars|lorry|traffic|tram",
    "jump*|throw*|threw ? off|out|from|under a|the|my|an ? bridge|cliff|roof|balcony|window|building|train|bus|lorry|tram|flats",
    concat!(
        want!(),
        "|",
        think!(),
        "|urge|urges|tempted|imagine|plan|planning ~ driv*|crash*|swerv* ~ ? ? wall|tree|lorry|bridge|cliff|barrier|traffic"
    ),
    "slit|slitting|slash* ? wrist|wrists",
    "noose",
    "overdos*",
    "over dose*|dosing",
    "take|took|taking|taken an od",
    "take|took|taking|taken|swallow* all ~ at once",
    concat!("stockpil*|hoard* ~ ", tablets!()),
    concat!("save|saved|saving|store|stored|storing ? ? up ~ ", tablets!()),
    concat!("save|saved|saving|store|stored|storing ? ", tablets!(), " up"),
    "goodbye|goodbyes letter*|note*|message*|video*",
    "good bye letter*|note*|message*",
    "wrote|written|write|writing|said|saying|say ? ? goodbyes",
    "affairs in order",
    "plan|plans|planned|planning ? my|own death|funeral",
    "plan|plans|planned|planning|know ? ? how ? ? ? die",
    "plan|plans|planned|planning|know ? ? how ? ? ? end it",
    concat!(think!(), " ? of|about jumping !jacks|rope"),
    "way|ways ? to die",
    "how to kill myself",
    "way|ways to kill myself",
    "way|ways to end my|the|it suffering|misery|life|all",
    concat!(tablets!(), " ~ to end it|things|everything|all"),
    "tried|trying|try to end it|things|everything",
    "like|could|might ending|end it|things|everything .",
    "the|with pills|tablets in my hand|hands|mouth",
    concat!("enough ", tablets!(), " ? ? ? to do|end|die|kill"),
    "bought|tied|knotted|knot a|some|the rope",
    "lay|lie|lying|lied|sat|stood|stand|standing on|by|near ? ? track|tracks|railway|rails|ledge",
    "edge of ? ? ? ? roof|bridge|cliff|platform",
    "knife|blade|gun|razor to ? throat|neck|head|wrist|wrists|chest|stomach",
    "about|of ending it !with|here|by",
    "plan|planned|planning|know|thought ? how i|id|he|she ? do it",
    concat!(think!(), " ? about|of taking all ? ? ", tablets!()),
];

/// Wishing to be dead, or not to wake up.
pub(super) const WISH_TO_DIE: &[&str] = &[
    concat!(want!(), " ? die|dye|dieing"),
    concat!(want!(), " to be dead|gone|nomore"),
    concat!(wish!(), " ~ dead"),
    concat!(wish!(), " i|he|she|they|we ? ? die|died|dies"),
    concat!(wish!(), "|rather|better|sooner ~ never|not ? born|existed"),
    "rather|sooner ? ? dead|die !lifting",
    "ready|happy|like|love|longing|long|beg|begging|wait|waiting to die",
    concat!(
        wish!(),
        "|",
        want!(),
        "|rather|prefer|like ~ not|never|dont|wont|wouldnt|didnt ~ wake|woke|waking|woken up ",
        "!so|early|at|every|tired|stiff|during|through|the|my|sore|as"
    ),
    concat!(
        wish!(),
        " ~ not|never|dont|wont|wouldnt|didnt|havent|hadnt wake|woke|woken ."
    ),
    "sleep|asleep ? ? never|not|dont|wont|forever ? wake|waking",
    "go|going to sleep forever",
    "better off ? dead|gone",
    "better off not being here|alive|around",
    "better ? ? if i|he|she|they|im|id ? ? dead|gone|died|disappeared",
    "better if i|we wasnt|werent ? here|around|alive|born",
    concat!(think!(), " ? of|about ? death|dying|dieing ."),
    concat!(think!(), " ? of|about ? being|bein dead"),
    concat!(
        think!(),
        " of|about death|dying|dieing all|every|most|a|constantly|often|again|when|and|sometimes"
    ),
    "death ? ? relief|release|escape|blessing|welcome",
    concat!(
        not!(),
        " ",
        want!(),
        " ? ? live|livin|living|exist|existing !in|near|at|there|abroad|next|alone|off|on"
    ),
    concat!(
        not!(),
        " ",
        want!(),
        " ? ? live|living in ? pain|agony|misery|hell|this"
    ),
    concat!(
        not!(),
        " ",
        want!(),
        " to be here|alive|around !all|for|long|too|when|until|today|again"
    ),
    concat!(
        not!(),
        " ",
        want!(),
        " to be|live in|on this|the world|earth|planet"
    ),
    concat!(not!(), " ", want!(), " to carry|go on ."),
    concat!(
        not!(),
        " ",
        want!(),
        " to carry|go on living|like|anymore|much|any"
    ),
    concat!(
        not!(),
        " ",
        want!(),
        " to wake up !the|my|everyone|at|so|early|with|in|him|her"
    ),
    "dont|doesnt|didnt|not feel|feels|feeling like living",
    "tired|sick|weary|fed|done|enough ? of|with living|life|existing|existence .",
    "tired|sick|weary|fed|done|enough ? of|with being alive|here .",
    concat!(want!(), "|", wish!(), "|like|love ? to|could disappear|vanish"),
    "join|joining|with ? ? in heaven",
    concat!(wish!(), " i|he|she|they ~ ~ and die"),
    "god|lord|jesus ? take me",
    concat!(wish!(), " ~ takes me !to|there|home|on|back|out|in"),
    "only way out",
    "death seems|is|would ? ? way|answer|option|thing",
    "except|but death",
    "i want out .",
    "about|of not being|wanting ? ? here|around|alive|live|exist",
    "not wanting to be here|around|alive|live|exist",
    "not|wont ? ? be here|around ? longer",
    "die|pass|go|slip|slipped in my|his|her|their sleep",
    "welcome death",
];

/// No reason to live, nobody would miss me.
pub(super) const NO_REASON_TO_LIVE: &[&str] = &[
    "no|any|without|little|see|find ? reason|reasons ? to carry|go|be on|here|alive",
    "no|any|without|little reason|reasons ? to|for live|living|exist|existing",
    "nothing|nowt|little ? ? live for",
    "will to live",
    "not|isnt|aint|hardly|barely|wasnt|nolonger|doesnt|dont|never ~ worth living",
    "worth living .",
    "life|lifes ? ? not|isnt|aint|hardly|nolonger|wasnt worth it|living|anything",
    "no|the|any|see|whats|what|little|much point ? ? living|being|existing !in|with|at|there|on|told|referred|seen|sent|near",
    "no|the|any|see|whats|what|little|much point ? ? carrying|going on !holiday|with|to|about|a|an|the|another|any|more|walks|courses|my|for",
    "no|any|see|whats|what ? ? point in|of|to ? life",
    "cant carry|go on .",
    "cant carry|go on living|like|anymore|much|any|this|feeling|if|and|because|but|i|so|now",
    "cant do this|it|life anymore",
    "cant face|bear ? living|life|tomorrow .",
    "cant face|bear another day",
    "given|giving|give|gave up on|with life|living",
    "better off without me|him|her|us",
    "better place|life|lives without me",
    "nobody|none|who|would|will|wouldnt ? ? miss me",
    "would|will|wouldnt|nobody|they ? ? care|notice|bothered|miss if i|id ? ? died|die|dead|gone|disappeared|lived",
    "everyone|everybody|they|family|kids|world ~ happier|better if i ? ? died|die|dead|gone|disappeared|wasnt|werent",
    "if i died",
    "if i was|were dead",
    "easier|simpler|happier ? if i wasnt|werent|was|were|didnt ? around|here|gone|exist",
    "wasnt|werent|not for ~ ~ wouldnt ? be here|alive",
    "only ? ? stopping|stops me from|doing ? it|killing|ending|suicide",
    "only ? ? keeping|keeps me alive|here",
    "not|isnt|nolonger worth it|anything anymore",
    "reason|reasons for living",
    "better without me",
    "better off without ? mum|mam|dad|mother|father",
    "better|happier ? if im|i ? not|wasnt|werent ? here|around|alive",
];

/// Hurting oneself.
pub(super) const SELF_HARM: &[&str] = &[
    "self harm*|injur*|mutilat*",
    "selfharm*|selfinjur*",
    "dsh",
    "harm|harms|harmed|harming|harmin myself|self",
    "cut|cuts|cutting|cuttin myself !off|shaving|down|chopping|cooking|peeling",
    "cut|cuts|cutting|cuttin|scratch|scratching|slash|slashing my ? arm|arms|wrist|wrists|thigh|thighs !chopping|cooking|on|at",
    "cut|cutting|burn|burned|burnt|burning|scratch|bit|bite|punch|hit|hurt|injure|injured myself ? ? purpose|deliberately|\
     intentionally",
    "burning|scratching|hitting|punching|biting|starving myself",
    "hurt|hurts|hurting|hurtin myself !lifting|at|playing|falling|moving|carrying|doing|running|training|working|gardening|\
     skiing|climbing|cycling|getting|picking|bending|slipping|tripping|twisting|exercising|badly|by|last|years|back|more|\
     further|on|while|whilst|during|through|trying|as|from|in|dancing|walking|pushing|pulling",
    "hurt|hurting myself in secret|private|other|ways|anger",
    "punish|punishing|punished myself",
    "bang|banging|smash|smashing my head against|off",
    "scar|scars ~ cutting|self",
    "been|started|start|keep|kept|stop|stopped|to cutting again|since|when|every|to|regularly|myself",
    "been|started|start|keep|kept cutting .",
    "keep|kept|hide|hid|hidden|carry ? ? ? blade|blades|razor|razors",
    "deliberately|purposely|intentionally ? cut|cutting|burn|burning|hurt|hurting|harm|injure|crash*",
    "i|im|been|started|start|keep ? ? cutting my leg|legs|stomach|body",
];

/// Not able to keep safe.
pub(super) const NOT_SAFE: &[&str] = &[
    "cant|not|unable|dont|couldnt|wont|struggling|struggle|hard ~ keep|keeping myself safe",
    "cant|dont|not trust myself .",
    "cant|dont|not trust myself not|alone|around|anymore|when|if|and|to be|tonight",
    "not|dont|never|doesnt ~ safe ? ? with|from|around|by myself",
    "danger|risk to myself|self|others",
    "what i|she|he|they might|could|may|will do ? ? myself",
    "might|could|will|ill|going do something|anything stupid|silly|to myself|bad|daft",
    "to do something|anything stupid|silly|to myself|daft",
    "afraid|scared|frightened|worried ? what i|ill might|may|will|could ? do !for|about|at|with|next|without",
];
